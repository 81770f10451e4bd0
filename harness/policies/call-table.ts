// The calls in flight of one caller: a slot per call in flat arrays, so that nothing is allocated per call.
// Hot code. A slot holds the call and its current attempt; `serial` grows with each attempt, so that an answer or an
// abandonment that comes late is recognised and ignored.
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";

const INITIAL_CAPACITY = 64;

/** What a slot is doing. */
export const FREE = 0;
/** An attempt is on its way; its answer, its timeout or the call's timeout comes next. */
export const IN_FLIGHT = 1;
/** Waiting to try again, or for its turn to try at all. */
export const BACKING_OFF = 2;
/** Ended; the owner takes the result and frees the slot. */
export const FINISHED = 3;
/** Its attempt is in line for a permit. */
export const WAITING = 4;
/** Its attempt has the permit that it was waiting for, and goes on at once. */
export const ADMITTED = 5;
/** Its attempt has an endpoint, and waits for a connection to it. */
export const ACQUIRING = 7;

/** A hedged call: its attempts have slots of their own (hedging.ts). */
export const HEDGING = 6;

/** No slot. */
export const NO_SLOT = -1;

/** How far a slot's current attempt has come on its way out: nothing waits to leave (any more); */
export const LEFT = 0;
/** decided, and its SEND not taken yet; */
export const DECIDED = 1;
/** held back by a fault, and then it leaves; */
export const HELD = 2;
/** held back by a fault, which then answers it. */
export const DOOMED = 3;

/** Outputs of the call machines of this caller, taken one by one: `slot × 4 + kind`. */
export const NONE = -1;
/** An attempt leaves (arrays: target, generation, operation, attempt key, user, depth, deadline). */
export const SEND = 0;
/** An attempt is given up (arrays: abandonedTarget, abandonedGeneration, abandonedSerial): tell the callee. */
export const ABANDON = 1;
/** The call has ended (arrays: cause, origin, degraded, slowest); the owner frees the slot. */
export const END = 2;

export class CallTable {
  /** Index of the call machine that owns the slot. */
  machine = new Int32Array(INITIAL_CAPACITY);
  /** The owner's own reference: a strand of an instance, a request of a load. */
  owner = new Int32Array(INITIAL_CAPACITY);
  state = new Uint8Array(INITIAL_CAPACITY);
  serial = new Int32Array(INITIAL_CAPACITY);
  operation = new Int32Array(INITIAL_CAPACITY);
  /** Key of the call; the attempt's key (below) is derived from it and travels with the message. */
  callHigh = new Int32Array(INITIAL_CAPACITY);
  callLow = new Int32Array(INITIAL_CAPACITY);
  keyHigh = new Int32Array(INITIAL_CAPACITY);
  keyLow = new Int32Array(INITIAL_CAPACITY);
  user = new Int32Array(INITIAL_CAPACITY);
  /** What the call is about, the same in every attempt; 0 where no service has a cache. */
  item = new Int32Array(INITIAL_CAPACITY);
  depth = new Uint8Array(INITIAL_CAPACITY);
  /** Index of CRITICALITIES: it travels with every attempt. */
  criticality = new Uint8Array(INITIAL_CAPACITY);
  /** Bits of `Plan.headers`. */
  headers = new Int32Array(INITIAL_CAPACITY);
  /** The attempts made so far, the current one included. */
  attempts = new Int32Array(INITIAL_CAPACITY);
  /** When the current attempt was decided. */
  attemptStartMs = new Float64Array(INITIAL_CAPACITY);
  /** When the whole call is given up; Infinity = never. */
  callDueMs = new Float64Array(INITIAL_CAPACITY);
  /** What travels: the earliest moment at which anybody upstream stops waiting; Infinity = never. */
  deadlineMs = new Float64Array(INITIAL_CAPACITY);
  /** The deadline of the caller's own request, as it arrived; Infinity = none. */
  ownDeadlineMs = new Float64Array(INITIAL_CAPACITY);
  /** The last back-off of the call. */
  backoffMs = new Float64Array(INITIAL_CAPACITY);
  /** What the call's last retry cost its budget; UNPAID (retry-budget.ts) before there was one. */
  paid = new Int32Array(INITIAL_CAPACITY);
  /** Instance id and generation that the current attempt goes to. */
  target = new Int32Array(INITIAL_CAPACITY);
  generation = new Int32Array(INITIAL_CAPACITY);
  /** The load balancer's slot of the target. */
  endpoint = new Int32Array(INITIAL_CAPACITY);
  /** Grows whenever the slot's timer is armed anew or disarmed: an old timer is recognised by it. */
  timer = new Int32Array(INITIAL_CAPACITY);
  /** LEFT, DECIDED, HELD or DOOMED. */
  departure = new Uint8Array(INITIAL_CAPACITY);
  /** How many lines (permits.ts) the current attempt has passed: their permits are its own. */
  line = new Uint8Array(INITIAL_CAPACITY);
  /** Of a hedged call's attempt: the call. Of both: the next of the call's attempts, or NO_SLOT. */
  leader = new Int32Array(INITIAL_CAPACITY);
  sibling = new Int32Array(INITIAL_CAPACITY);
  /** Attempts begun in the present try of a hedged call; of an attempt, how many were before it. */
  group = new Int32Array(INITIAL_CAPACITY);
  /** Attempts of a call that were sent although an earlier one of their try was out. */
  hedges = new Int32Array(INITIAL_CAPACITY);
  /** The engine's note: the callee's visit of the current attempt, −1 while it knows none. */
  visit = new Int32Array(INITIAL_CAPACITY);
  abandonedVisit = new Int32Array(INITIAL_CAPACITY);
  /** The attempt that was last given up: an ABANDON output speaks of this one, for a new attempt may already run. */
  abandonedTarget = new Int32Array(INITIAL_CAPACITY);
  abandonedGeneration = new Int32Array(INITIAL_CAPACITY);
  abandonedSerial = new Int32Array(INITIAL_CAPACITY);
  /** The result of a finished call. */
  cause = new Uint8Array(INITIAL_CAPACITY);
  isDegraded = new Uint8Array(INITIAL_CAPACITY);
  originService = new Int32Array(INITIAL_CAPACITY);
  originCause = new Uint8Array(INITIAL_CAPACITY);
  slowService = new Int32Array(INITIAL_CAPACITY);
  slowOwnUs = new Int32Array(INITIAL_CAPACITY);
  /** Counts the calls; it may wrap, so orders are compared by their difference. */
  order = new Int32Array(INITIAL_CAPACITY);

  readonly #free = new IntRing();
  /** Free as soon as no output speaks of them any more: one that is old would be taken for their next call's. */
  readonly #freed = new IntRing();
  #capacity = INITIAL_CAPACITY;
  #used = 0;
  #begun = 0;
  readonly #outputs = new IntRing();

  allocate(): number {
    if (this.#free.length === 0 && this.#used === this.#capacity) this.#grow();
    const slot = this.#free.length > 0 ? this.#free.shift() : this.#used++;
    this.order[slot] = this.#begun;
    this.#begun = (this.#begun + 1) | 0;
    return slot;
  }

  free(slot: number): void {
    this.state[slot] = FREE;
    // Its next call may be that of another machine, which this one's timers must not touch.
    this.timer[slot]!++;
    this.#freed.push(slot);
  }

  /** Fills in a slot of an attempt with what it shares with its call. */
  copyCall(call: number, attempt: number): void {
    this.machine[attempt] = this.machine[call]!;
    this.owner[attempt] = this.owner[call]!;
    this.operation[attempt] = this.operation[call]!;
    this.callHigh[attempt] = this.callHigh[call]!;
    this.callLow[attempt] = this.callLow[call]!;
    this.user[attempt] = this.user[call]!;
    this.item[attempt] = this.item[call]!;
    this.criticality[attempt] = this.criticality[call]!;
    this.headers[attempt] = this.headers[call]!;
    this.depth[attempt] = this.depth[call]!;
    this.attempts[attempt] = this.attempts[call]!;
    this.callDueMs[attempt] = this.callDueMs[call]!;
    this.ownDeadlineMs[attempt] = this.ownDeadlineMs[call]!;
  }

  /** The calls that are there, in the order in which they began. Looks at every slot: for the rare one who asks. */
  inOrder(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.#used; slot++) if (this.state[slot] !== FREE) slots.push(slot);
    return slots.sort((a, b) => (this.order[a]! - this.order[b]!) | 0);
  }

  emit(slot: number, kind: typeof SEND | typeof ABANDON | typeof END): void {
    this.#outputs.push(slot * 4 + kind);
  }

  /** The next output, or NONE. */
  take(): number {
    if (this.#outputs.length > 0) return this.#outputs.shift();
    while (this.#freed.length > 0) this.#free.push(this.#freed.shift());
    return NONE;
  }

  #grow(): void {
    this.#capacity *= 2;
    const capacity = this.#capacity;
    this.machine = grow(this.machine, capacity);
    this.owner = grow(this.owner, capacity);
    this.state = grow(this.state, capacity);
    this.serial = grow(this.serial, capacity);
    this.operation = grow(this.operation, capacity);
    this.callHigh = grow(this.callHigh, capacity);
    this.callLow = grow(this.callLow, capacity);
    this.keyHigh = grow(this.keyHigh, capacity);
    this.keyLow = grow(this.keyLow, capacity);
    this.user = grow(this.user, capacity);
    this.item = grow(this.item, capacity);
    this.depth = grow(this.depth, capacity);
    this.criticality = grow(this.criticality, capacity);
    this.headers = grow(this.headers, capacity);
    this.attempts = grow(this.attempts, capacity);
    this.attemptStartMs = grow(this.attemptStartMs, capacity);
    this.callDueMs = grow(this.callDueMs, capacity);
    this.deadlineMs = grow(this.deadlineMs, capacity);
    this.ownDeadlineMs = grow(this.ownDeadlineMs, capacity);
    this.backoffMs = grow(this.backoffMs, capacity);
    this.paid = grow(this.paid, capacity);
    this.target = grow(this.target, capacity);
    this.generation = grow(this.generation, capacity);
    this.endpoint = grow(this.endpoint, capacity);
    this.timer = grow(this.timer, capacity);
    this.line = grow(this.line, capacity);
    this.leader = grow(this.leader, capacity);
    this.sibling = grow(this.sibling, capacity);
    this.group = grow(this.group, capacity);
    this.hedges = grow(this.hedges, capacity);
    this.departure = grow(this.departure, capacity);
    this.abandonedTarget = grow(this.abandonedTarget, capacity);
    this.abandonedGeneration = grow(this.abandonedGeneration, capacity);
    this.abandonedSerial = grow(this.abandonedSerial, capacity);
    this.visit = grow(this.visit, capacity);
    this.abandonedVisit = grow(this.abandonedVisit, capacity);
    this.cause = grow(this.cause, capacity);
    this.isDegraded = grow(this.isDegraded, capacity);
    this.originService = grow(this.originService, capacity);
    this.originCause = grow(this.originCause, capacity);
    this.slowService = grow(this.slowService, capacity);
    this.slowOwnUs = grow(this.slowOwnUs, capacity);
    this.order = grow(this.order, capacity);
  }
}

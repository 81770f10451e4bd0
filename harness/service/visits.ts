// The requests inside one instance, a slot each in flat arrays (hot: nothing is allocated per request).
// A visit is one request's stay at one instance, from arrival to answer.
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";
import { CRITICAL } from "../model/criticality.ts";

const INITIAL_CAPACITY = 64;

export const FREE = 0;
/** At the door: held back by a fault, or about to be admitted. */
export const ARRIVING = 1;
/** Waiting for its first worker. */
export const QUEUED = 2;
/** Started: it holds a worker, waits for callees, or (async) waits to get a worker back. */
export const RUNNING = 3;
/** Over; the result stands in the arrays until the owner releases the slot. */
export const ENDED = 4;
/** Being turned away, which costs work; `cause` says why. */
export const REJECTING = 5;

export class Visits {
  state = new Uint8Array(INITIAL_CAPACITY);
  serial = new Int32Array(INITIAL_CAPACITY);
  operation = new Int32Array(INITIAL_CAPACITY);
  keyHigh = new Int32Array(INITIAL_CAPACITY);
  keyLow = new Int32Array(INITIAL_CAPACITY);
  user = new Int32Array(INITIAL_CAPACITY);
  /** What the request is about: 32 random bits, the same on every call and every attempt that are about the same. */
  item = new Int32Array(INITIAL_CAPACITY);
  depth = new Uint8Array(INITIAL_CAPACITY);
  /** Index of CRITICALITIES. */
  criticality = new Uint8Array(INITIAL_CAPACITY);
  /** Bits of `Plan.headers`. */
  headers = new Int32Array(INITIAL_CAPACITY);
  /** When the caller stops waiting; Infinity = never. */
  deadlineMs = new Float64Array(INITIAL_CAPACITY);
  /** When it arrived. */
  startMs = new Float64Array(INITIAL_CAPACITY);
  /** Where the answer goes: three numbers of the engine's own. */
  returnActor = new Int32Array(INITIAL_CAPACITY);
  returnAttempt = new Int32Array(INITIAL_CAPACITY);
  returnSerial = new Int32Array(INITIAL_CAPACITY);
  /** First strand of the visit's list, −1 = none. */
  firstStrand = new Int32Array(INITIAL_CAPACITY);
  /** Strands that compute or wait on a worker's time. */
  active = new Int32Array(INITIAL_CAPACITY);
  holdsWorker = new Uint8Array(INITIAL_CAPACITY);
  /** In the queue of those that want their worker back (async). */
  isResuming = new Uint8Array(INITIAL_CAPACITY);
  isAbandoned = new Uint8Array(INITIAL_CAPACITY);
  /** Calls in flight, since when there is at least one, and the time spent with at least one before that. */
  calls = new Int32Array(INITIAL_CAPACITY);
  callsSinceMs = new Float64Array(INITIAL_CAPACITY);
  calledMs = new Float64Array(INITIAL_CAPACITY);
  /** The result; while a fault holds the visit back, `status` is what the fault will answer with (0 = nothing). */
  cause = new Uint8Array(INITIAL_CAPACITY);
  status = new Int32Array(INITIAL_CAPACITY);
  isDegraded = new Uint8Array(INITIAL_CAPACITY);
  isWrong = new Uint8Array(INITIAL_CAPACITY);
  originService = new Int32Array(INITIAL_CAPACITY);
  originCause = new Uint8Array(INITIAL_CAPACITY);
  slowService = new Int32Array(INITIAL_CAPACITY);
  slowOwnUs = new Int32Array(INITIAL_CAPACITY);
  /** Counts the arrivals; it may wrap, so orders are compared by their difference. */
  order = new Int32Array(INITIAL_CAPACITY);

  readonly #free = new IntRing();
  #capacity = INITIAL_CAPACITY;
  #used = 0;
  #arrivals = 0;

  /** A new visit; its return address and result are for others to fill in. */
  arrive(
    nowMs: number,
    operation: number,
    keyHigh: number,
    keyLow: number,
    user: number,
    depth: number,
    deadlineMs: number,
    service: number,
  ): number {
    const visit = this.#allocate();
    this.state[visit] = ARRIVING;
    this.operation[visit] = operation;
    this.keyHigh[visit] = keyHigh;
    this.keyLow[visit] = keyLow;
    this.user[visit] = user;
    this.depth[visit] = depth;
    this.criticality[visit] = CRITICAL;
    this.headers[visit] = 0;
    this.deadlineMs[visit] = deadlineMs;
    this.startMs[visit] = nowMs;
    this.firstStrand[visit] = -1;
    this.active[visit] = 0;
    this.holdsWorker[visit] = 0;
    this.isResuming[visit] = 0;
    this.isAbandoned[visit] = 0;
    this.calls[visit] = 0;
    this.calledMs[visit] = 0;
    this.isDegraded[visit] = 0;
    this.isWrong[visit] = 0;
    this.slowService[visit] = service;
    this.slowOwnUs[visit] = -1;
    this.order[visit] = this.#arrivals;
    this.#arrivals = (this.#arrivals + 1) | 0;
    return visit;
  }

  /** The visits that are there, in the order in which they arrived. Looks at every slot: for the rare one who asks. */
  inOrder(): number[] {
    const visits: number[] = [];
    for (let visit = 0; visit < this.#used; visit++) if (this.state[visit] !== FREE) visits.push(visit);
    return visits.sort((a, b) => (this.order[a]! - this.order[b]!) | 0);
  }

  /** Whether a visit is there and its answer goes to this return address. */
  isFrom(visit: number, returnActor: number, returnAttempt: number, returnSerial: number): boolean {
    return (
      this.state[visit] !== FREE &&
      this.returnSerial[visit] === returnSerial &&
      this.returnAttempt[visit] === returnAttempt &&
      this.returnActor[visit] === returnActor
    );
  }

  /** The visit with this return address, −1 if there is none. Looks at every slot: for the rare caller that knows no visit. */
  find(returnActor: number, returnAttempt: number, returnSerial: number): number {
    for (let visit = 0; visit < this.#used; visit++)
      if (this.isFrom(visit, returnActor, returnAttempt, returnSerial)) return visit;
    return -1;
  }

  /** Time that the visit has not spent waiting for callees, in microseconds; its calls are over. */
  ownUs(nowMs: number, visit: number): number {
    if (this.calls[visit]! > 0) this.calledMs[visit]! += nowMs - this.callsSinceMs[visit]!;
    const ownUs = Math.round((nowMs - this.startMs[visit]! - this.calledMs[visit]!) * 1000);
    return Math.min(ownUs, 0x7fffffff);
  }

  /** The instance stood still for so long: that it waited for a callee meanwhile is no excuse. */
  stoodStill(forMs: number): void {
    for (let visit = 0; visit < this.#used; visit++) this.callsSinceMs[visit]! += forMs;
  }

  /** A service on the visit's way took this long by itself: the slowest of them is remembered. */
  took(visit: number, service: number, ownUs: number): void {
    if (ownUs <= this.slowOwnUs[visit]!) return;
    this.slowOwnUs[visit] = ownUs;
    this.slowService[visit] = service;
  }

  /** A callee's answer was wrong, and nobody noticed. */
  misled(visit: number, originService: number, originCause: number): void {
    this.isWrong[visit] = 1;
    this.originService[visit] = originService;
    this.originCause[visit] = originCause;
  }

  /** The visit is over, with this result. */
  end(visit: number, cause: number, status: number, originService: number, originCause: number): void {
    this.state[visit] = ENDED;
    this.cause[visit] = cause;
    this.status[visit] = status;
    this.originService[visit] = originService;
    this.originCause[visit] = originCause;
  }

  /** The slot may be used again. */
  release(visit: number): void {
    this.state[visit] = FREE;
    this.serial[visit]!++;
    this.#free.push(visit);
  }

  #allocate(): number {
    if (this.#free.length > 0) return this.#free.shift();
    if (this.#used === this.#capacity) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    this.#capacity *= 2;
    const capacity = this.#capacity;
    this.state = grow(this.state, capacity);
    this.serial = grow(this.serial, capacity);
    this.operation = grow(this.operation, capacity);
    this.keyHigh = grow(this.keyHigh, capacity);
    this.keyLow = grow(this.keyLow, capacity);
    this.user = grow(this.user, capacity);
    this.item = grow(this.item, capacity);
    this.depth = grow(this.depth, capacity);
    this.criticality = grow(this.criticality, capacity);
    this.headers = grow(this.headers, capacity);
    this.deadlineMs = grow(this.deadlineMs, capacity);
    this.startMs = grow(this.startMs, capacity);
    this.returnActor = grow(this.returnActor, capacity);
    this.returnAttempt = grow(this.returnAttempt, capacity);
    this.returnSerial = grow(this.returnSerial, capacity);
    this.firstStrand = grow(this.firstStrand, capacity);
    this.active = grow(this.active, capacity);
    this.holdsWorker = grow(this.holdsWorker, capacity);
    this.isResuming = grow(this.isResuming, capacity);
    this.isAbandoned = grow(this.isAbandoned, capacity);
    this.calls = grow(this.calls, capacity);
    this.callsSinceMs = grow(this.callsSinceMs, capacity);
    this.calledMs = grow(this.calledMs, capacity);
    this.cause = grow(this.cause, capacity);
    this.status = grow(this.status, capacity);
    this.isDegraded = grow(this.isDegraded, capacity);
    this.isWrong = grow(this.isWrong, capacity);
    this.originService = grow(this.originService, capacity);
    this.originCause = grow(this.originCause, capacity);
    this.slowService = grow(this.slowService, capacity);
    this.slowOwnUs = grow(this.slowOwnUs, capacity);
    this.order = grow(this.order, capacity);
  }
}

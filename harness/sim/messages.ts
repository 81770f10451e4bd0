// The messages under way in a simulated network: a pool of slots in flat arrays, queued by lane. A lane carries the
// messages of one constant delay, so they arrive in the order in which they were sent and a ring is their queue.
// Hot code: nothing is allocated per message.
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";

const INITIAL_CAPACITY = 256;

/** Message kinds. */
export const REQUEST = 0;
export const ANSWER = 1;
export const ABANDON = 2;

/** What a message says, by its slot. A REQUEST and an ABANDON go to an actor from a caller; an ANSWER goes back. */
export class Messages {
  kind = new Uint8Array(INITIAL_CAPACITY);
  /** Address of the actor it is for. */
  to = new Int32Array(INITIAL_CAPACITY);
  /** REQUEST and ABANDON: the instance it is for. */
  target = new Int32Array(INITIAL_CAPACITY);
  /** Return address: the caller, its attempt and the attempt's serial. */
  caller = new Int32Array(INITIAL_CAPACITY);
  attempt = new Int32Array(INITIAL_CAPACITY);
  serial = new Int32Array(INITIAL_CAPACITY);
  /** REQUEST: key and operation. ANSWER: origin and slowest service. ABANDON: visit. */
  first = new Int32Array(INITIAL_CAPACITY);
  second = new Int32Array(INITIAL_CAPACITY);
  third = new Int32Array(INITIAL_CAPACITY);
  fourth = new Int32Array(INITIAL_CAPACITY);
  /** REQUEST: what it is about. */
  item = new Int32Array(INITIAL_CAPACITY);
  criticality = new Uint8Array(INITIAL_CAPACITY);
  /** REQUEST: what it carries. */
  headers = new Int32Array(INITIAL_CAPACITY);
  /** REQUEST: depth. ANSWER: cause. */
  small = new Uint8Array(INITIAL_CAPACITY);
  isDegraded = new Uint8Array(INITIAL_CAPACITY);
  /** REQUEST: the deadline that it carries. */
  deadlineMs = new Float64Array(INITIAL_CAPACITY);
  readonly #free = new IntRing();
  #used = 0;

  allocate(): number {
    if (this.#free.length > 0) return this.#free.shift();
    if (this.#used === this.kind.length) this.#grow();
    return this.#used++;
  }

  free(message: number): void {
    this.#free.push(message);
  }

  #grow(): void {
    const capacity = this.kind.length * 2;
    this.kind = grow(this.kind, capacity);
    this.to = grow(this.to, capacity);
    this.target = grow(this.target, capacity);
    this.caller = grow(this.caller, capacity);
    this.attempt = grow(this.attempt, capacity);
    this.serial = grow(this.serial, capacity);
    this.first = grow(this.first, capacity);
    this.second = grow(this.second, capacity);
    this.third = grow(this.third, capacity);
    this.fourth = grow(this.fourth, capacity);
    this.item = grow(this.item, capacity);
    this.criticality = grow(this.criticality, capacity);
    this.headers = grow(this.headers, capacity);
    this.small = grow(this.small, capacity);
    this.isDegraded = grow(this.isDegraded, capacity);
    this.deadlineMs = grow(this.deadlineMs, capacity);
  }
}

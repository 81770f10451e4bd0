// The strands of one instance's requests: where each is in its operation's steps. A visit begins with one strand;
// a group of steps that run together splits it into one strand per branch. Hot: flat arrays, linked per visit.
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";

const INITIAL_CAPACITY = 64;

export const FREE = 0;
/** Using CPU. */
export const WORKING = 1;
/** Holding the worker without CPU. */
export const WAITING = 2;
/** A call is out. */
export const CALLING = 3;
/** Waiting for its branches. */
export const JOINING = 4;
/** Wants to work but its visit holds no worker (async). */
export const WANTING = 5;

export class Strands {
  state = new Uint8Array(INITIAL_CAPACITY);
  visit = new Int32Array(INITIAL_CAPACITY);
  /** The node of the program it is at. */
  node = new Int32Array(INITIAL_CAPACITY);
  /** The strand that waits for this branch, −1 for the first strand of a visit. */
  parent = new Int32Array(INITIAL_CAPACITY);
  /** JOINING: branches still running. */
  pending = new Int32Array(INITIAL_CAPACITY);
  /** CALLING: the caller's slot of the call, −1 until it has begun. */
  call = new Int32Array(INITIAL_CAPACITY);
  /** WANTING: the time that it will work or wait. */
  timeMs = new Float64Array(INITIAL_CAPACITY);
  next = new Int32Array(INITIAL_CAPACITY);
  previous = new Int32Array(INITIAL_CAPACITY);

  readonly #free = new IntRing();
  #capacity = INITIAL_CAPACITY;
  #used = 0;

  /** A new strand at the head of the list that begins at `head` (−1 = empty); the caller stores it as the new head. */
  allocate(visit: number, parent: number, head: number): number {
    let strand: number;
    if (this.#free.length > 0) strand = this.#free.shift();
    else {
      if (this.#used === this.#capacity) this.#grow();
      strand = this.#used++;
    }
    this.visit[strand] = visit;
    this.parent[strand] = parent;
    this.call[strand] = -1;
    this.next[strand] = head;
    this.previous[strand] = -1;
    if (head >= 0) this.previous[head] = strand;
    return strand;
  }

  /** Frees a strand; returns the new head of its list, given the present one. */
  release(strand: number, head: number): number {
    const next = this.next[strand]!;
    const previous = this.previous[strand]!;
    if (next >= 0) this.previous[next] = previous;
    if (previous >= 0) this.next[previous] = next;
    this.state[strand] = FREE;
    this.#free.push(strand);
    return head === strand ? next : head;
  }

  #grow(): void {
    this.#capacity *= 2;
    const capacity = this.#capacity;
    this.state = grow(this.state, capacity);
    this.visit = grow(this.visit, capacity);
    this.node = grow(this.node, capacity);
    this.parent = grow(this.parent, capacity);
    this.pending = grow(this.pending, capacity);
    this.call = grow(this.call, capacity);
    this.timeMs = grow(this.timeMs, capacity);
    this.next = grow(this.next, capacity);
    this.previous = grow(this.previous, capacity);
  }
}

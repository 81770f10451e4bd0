// Who fetches what at one instance, and who waits for that answer instead of fetching it too.
// Source: golang.org/x/sync/singleflight: one in flight per key, those who wait share its value and its error.
import { grow } from "../core/grow.ts";

const INITIAL_CAPACITY = 64;

/** Nobody. */
export const NOBODY = -1;

export class SingleFlights {
  /** The visit that fetches, by key. */
  readonly #leaderOf = new Map<number, number>();
  /** By visit: whom it waits for; those who wait for it, in the order in which they came. */
  #leader = new Int32Array(INITIAL_CAPACITY).fill(NOBODY);
  #first = new Int32Array(INITIAL_CAPACITY).fill(NOBODY);
  #last = new Int32Array(INITIAL_CAPACITY).fill(NOBODY);
  /** By follower: its neighbours in that line. */
  #next = new Int32Array(INITIAL_CAPACITY).fill(NOBODY);
  #previous = new Int32Array(INITIAL_CAPACITY).fill(NOBODY);

  /** A visit wants this key: whether it has to wait for another that fetches it already. Otherwise it is to fetch it. */
  follows(visit: number, key: number): boolean {
    this.#reach(visit);
    const leader = this.#leaderOf.get(key);
    if (leader === undefined) {
      this.#leaderOf.set(key, visit);
      return false;
    }
    this.#append(leader, visit);
    return true;
  }

  /** Whom a visit waits for, NOBODY if it does not. */
  leaderOf(visit: number): number {
    return this.#leader[visit] ?? NOBODY;
  }

  /** A visit that waits does so no longer. */
  leave(visit: number): void {
    const leader = this.#leader[visit]!;
    const next = this.#next[visit]!;
    const previous = this.#previous[visit]!;
    if (previous === NOBODY) this.#first[leader] = next;
    else this.#next[previous] = next;
    if (next === NOBODY) this.#last[leader] = previous;
    else this.#previous[next] = previous;
    this.#leader[visit] = NOBODY;
  }

  /** Its answer is there: who wants the key from now on does not wait for this one. Its followers still do. */
  landed(key: number): void {
    this.#leaderOf.delete(key);
  }

  /** The next follower of a visit, which waits for it no longer; NOBODY if there is none. */
  shift(leader: number): number {
    const visit = this.#first[leader] ?? NOBODY;
    if (visit !== NOBODY) this.leave(visit);
    return visit;
  }

  /** The visit that fetched gives up: the first of its followers takes its place, and the others follow that one. NOBODY if none did. */
  inherit(leader: number, key: number): number {
    const heir = this.shift(leader);
    if (heir === NOBODY) {
      this.#leaderOf.delete(key);
      return NOBODY;
    }
    this.#leaderOf.set(key, heir);
    for (let visit = this.shift(leader); visit !== NOBODY; visit = this.shift(leader)) this.#append(heir, visit);
    return heir;
  }

  #append(leader: number, visit: number): void {
    const last = this.#last[leader]!;
    this.#leader[visit] = leader;
    this.#previous[visit] = last;
    this.#next[visit] = NOBODY;
    if (last === NOBODY) this.#first[leader] = visit;
    else this.#next[last] = visit;
    this.#last[leader] = visit;
  }

  #reach(visit: number): void {
    const before = this.#leader.length;
    if (visit < before) return;
    const capacity = Math.max(visit + 1, before * 2);
    this.#leader = grow(this.#leader, capacity).fill(NOBODY, before);
    this.#first = grow(this.#first, capacity).fill(NOBODY, before);
    this.#last = grow(this.#last, capacity).fill(NOBODY, before);
    this.#next = grow(this.#next, capacity).fill(NOBODY, before);
    this.#previous = grow(this.#previous, capacity).fill(NOBODY, before);
  }
}

// Permits for so many attempts at a time, and a line for those who wait for one: first come, first served. Hot code.
import { IntRing } from "../core/int-ring.ts";
import { type CallTable, WAITING } from "./call-table.ts";

/** What becomes of an attempt that asks for a permit. */
export const ENTERED = 0;
export const QUEUED = 1;
export const FULL = 2;

/** Nobody is in line. */
export const NOBODY = -1;

export class Line {
  /** How long an attempt waits at most; Infinity = as long as its call. */
  readonly maxWaitMs: number;
  readonly #table: CallTable;
  readonly #permits: number;
  readonly #places: number;
  #held = 0;
  #waiting = 0;
  /** Slot and serial of everyone who joined the line, those who left it before their turn included. */
  readonly #queue = new IntRing();

  /** `permits` there are, and `places` in line (Infinity = any number). */
  constructor(table: CallTable, permits: number, places: number, maxWaitMs: number) {
    this.#table = table;
    this.#permits = permits;
    this.#places = places;
    this.maxWaitMs = maxWaitMs;
  }

  /** The slot's attempt asks for a permit. One that is QUEUED is to be WAITING. */
  enter(slot: number): typeof ENTERED | typeof QUEUED | typeof FULL {
    if (this.#held < this.#permits) {
      this.#held++;
      return ENTERED;
    }
    if (this.#waiting >= this.#places || this.maxWaitMs === 0) return FULL;
    this.#waiting++;
    this.#queue.push(slot);
    this.#queue.push(this.#table.serial[slot]!);
    return QUEUED;
  }

  /** A permit comes back, and goes to the first in line: its slot, or NOBODY. */
  leave(): number {
    const { state, serial } = this.#table;
    while (this.#queue.length > 0) {
      const slot = this.#queue.shift();
      if (this.#queue.shift() !== serial[slot] || state[slot] !== WAITING) continue;
      this.#waiting--;
      return slot;
    }
    this.#held--;
    return NOBODY;
  }

  /** One who is WAITING no longer does. */
  quit(): void {
    this.#waiting--;
  }
}

// Visits that wait, linked both ways: whoever leaves from the middle leaves no trace, and both ends can be next.
// Hot: two flat arrays by visit, nothing allocated but when a visit's number is larger than any before.
import { grow } from "../core/grow.ts";

const INITIAL_CAPACITY = 64;

export const NOBODY = -1;

export class Line {
  #oldest = NOBODY;
  #newest = NOBODY;
  #length = 0;
  #older = new Int32Array(INITIAL_CAPACITY);
  #newer = new Int32Array(INITIAL_CAPACITY);

  get length(): number {
    return this.#length;
  }

  /** The visit that has waited longest, or NOBODY. */
  get oldest(): number {
    return this.#oldest;
  }

  /** The visit that has waited least, or NOBODY. */
  get newest(): number {
    return this.#newest;
  }

  /** Puts a visit that does not wait yet at the end. */
  join(visit: number): void {
    if (visit >= this.#older.length) {
      const capacity = Math.max(this.#older.length * 2, visit + 1);
      this.#older = grow(this.#older, capacity);
      this.#newer = grow(this.#newer, capacity);
    }
    this.#older[visit] = this.#newest;
    this.#newer[visit] = NOBODY;
    if (this.#newest === NOBODY) this.#oldest = visit;
    else this.#newer[this.#newest] = visit;
    this.#newest = visit;
    this.#length++;
  }

  /** Takes out a visit that waits. */
  leave(visit: number): void {
    const older = this.#older[visit]!;
    const newer = this.#newer[visit]!;
    if (older === NOBODY) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NOBODY) this.#newest = older;
    else this.#older[newer] = older;
    this.#length--;
  }
}

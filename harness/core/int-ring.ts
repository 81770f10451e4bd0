// A first-in first-out queue of int32 in one growing ring: waiting requests, timers of equal delay.
// Hot: allocates only when it grows, which it does by doubling.
import { assert } from "./assert.ts";

export class IntRing {
  #values: Int32Array;
  #head = 0;
  #length = 0;

  /** `capacity` is a first guess; the ring grows past it. */
  constructor(capacity = 16) {
    let size = 1;
    while (size < capacity) size *= 2;
    this.#values = new Int32Array(size);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[(this.#head + this.#length) & (this.#values.length - 1)] = value;
    this.#length++;
  }

  /** Removes and returns the oldest value. */
  shift(): number {
    assert(this.#length > 0, "only a ring that holds something can be shifted");
    const value = this.#values[this.#head]!;
    this.#head = (this.#head + 1) & (this.#values.length - 1);
    this.#length--;
    return value;
  }

  /** The oldest value. */
  peek(): number {
    assert(this.#length > 0, "only a ring that holds something has a head");
    return this.#values[this.#head]!;
  }

  clear(): void {
    this.#head = 0;
    this.#length = 0;
  }

  #grow(): void {
    const grown = new Int32Array(this.#values.length * 2);
    grown.set(this.#values.subarray(this.#head));
    grown.set(this.#values.subarray(0, this.#head), this.#values.length - this.#head);
    this.#values = grown;
    this.#head = 0;
  }
}

// Slots in the order in which they were last used, found by key; when all are taken, the least recently used one is
// taken again. Hot: linked through flat arrays, nothing is allocated once it is full.
import { grow } from "../core/grow.ts";

const INITIAL_CAPACITY = 64;

/** Nothing has this key. */
export const NO_SLOT = -1;

export class Recency {
  readonly #capacity: number;
  readonly #slotOf = new Map<number, number>();
  #key = new Float64Array(INITIAL_CAPACITY);
  /** Towards the less recent, and towards the more recent. */
  #older = new Int32Array(INITIAL_CAPACITY);
  #newer = new Int32Array(INITIAL_CAPACITY);
  #newest = NO_SLOT;
  #oldest = NO_SLOT;

  /** Infinity = no limit. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#slotOf.size;
  }

  find(key: number): number {
    return this.#slotOf.get(key) ?? NO_SLOT;
  }

  /** The slot is now the most recently used one. */
  touch(slot: number): void {
    if (slot === this.#newest) return;
    this.#unlink(slot);
    this.#link(slot);
  }

  /** A slot for a key that has none, as the most recently used one. What stood in it belonged to another. */
  take(key: number): number {
    const isFull = this.#slotOf.size >= this.#capacity;
    const slot = isFull ? this.#oldest : this.#slotOf.size;
    if (isFull) {
      this.#unlink(slot);
      this.#slotOf.delete(this.#key[slot]!);
    } else if (slot === this.#key.length) this.#grow();
    this.#key[slot] = key;
    this.#slotOf.set(key, slot);
    this.#link(slot);
    return slot;
  }

  clear(): void {
    this.#slotOf.clear();
    this.#newest = NO_SLOT;
    this.#oldest = NO_SLOT;
  }

  #link(slot: number): void {
    this.#older[slot] = this.#newest;
    this.#newer[slot] = NO_SLOT;
    if (this.#newest === NO_SLOT) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
  }

  #unlink(slot: number): void {
    const older = this.#older[slot]!;
    const newer = this.#newer[slot]!;
    if (older === NO_SLOT) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NO_SLOT) this.#newest = older;
    else this.#older[newer] = older;
  }

  #grow(): void {
    const capacity = this.#key.length * 2;
    this.#key = grow(this.#key, capacity);
    this.#older = grow(this.#older, capacity);
    this.#newer = grow(this.#newer, capacity);
  }
}

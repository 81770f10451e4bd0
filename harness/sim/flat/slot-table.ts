// A pool of records in flat arrays: the fields of one record lie side by side, so that a request touches few cache
// lines. A record is known by its handle, the index of its first integer field. Hot code: nothing is allocated per
// record, and the record freed last is used first.
import { grow } from "../../core/grow.ts";

const INITIAL_RECORDS = 64;

export class SlotTable {
  /** Integer fields: `int[handle + FIELD]`. */
  int: Int32Array;
  /** Number fields, such as times: `real[(handle >> realShift) + FIELD]`. */
  real: Float64Array;
  readonly #width: number;
  readonly #realShift: number;
  #free = new Int32Array(INITIAL_RECORDS);
  #freeCount = 0;
  #used = 0;

  /** `width` integer fields, a power of two, and `width >> realShift` number fields. */
  constructor(width: number, realShift: number) {
    this.#width = width;
    this.#realShift = realShift;
    this.int = new Int32Array(INITIAL_RECORDS * width);
    this.real = new Float64Array((INITIAL_RECORDS * width) >> realShift);
  }

  /** A record with the fields that its last use left. The arrays may have grown: read them anew. */
  allocate(): number {
    if (this.#freeCount > 0) return this.#free[--this.#freeCount]!;
    const handle = this.#used;
    if (handle === this.int.length) this.#grow();
    this.#used += this.#width;
    return handle;
  }

  release(handle: number): void {
    if (this.#freeCount === this.#free.length) this.#free = grow(this.#free, this.#freeCount * 2);
    this.#free[this.#freeCount++] = handle;
  }

  /** Every handle is below this. */
  get used(): number {
    return this.#used;
  }

  #grow(): void {
    this.int = grow(this.int, this.int.length * 2);
    this.real = grow(this.real, this.int.length >> this.#realShift);
  }
}

// Latencies of the open bucket, by bin, and which bins of a row are not empty: so closing reads only those. Hot code.
import { packedArray } from "../core/packed-array.ts";
import { BIN_COUNT, BIN_WORDS, BINS_PER_OCTAVE, binOf, octaveBit } from "./bins.ts";

/** Arrays for the latencies of one row family, all zero. */
export interface LatencyMemory {
  /** Row × BIN_COUNT + bin. */
  readonly counts: Uint32Array;
  /** Row × BIN_WORDS + bin ÷ 32: a bit for each bin that is not empty. */
  readonly bins: Int32Array;
  /** By row: a bit for each power of two in which one is. */
  readonly octaves: Int32Array;
}

const WORDS_PER_OCTAVE = BINS_PER_OCTAVE / 32;

/** A row while it is collected; a slice of it is as long as it must be. */
const ROW = packedArray(1 + 2 * BIN_COUNT, 0);

/** Latency counters of one row family. */
export class Latencies {
  readonly #rows: number;
  readonly #counts: Uint32Array;
  readonly #bins: Int32Array;
  readonly #octaves: Int32Array;
  constructor(rows: number, memory?: LatencyMemory) {
    this.#rows = rows;
    this.#counts = memory?.counts ?? new Uint32Array(rows * BIN_COUNT);
    this.#bins = memory?.bins ?? new Int32Array(rows * BIN_WORDS);
    this.#octaves = memory?.octaves ?? new Int32Array(rows);
  }
  record(row: number, latencyMs: number): void {
    const bin = binOf(latencyMs);
    if (this.#counts[row * BIN_COUNT + bin]!++ !== 0) return;
    this.#bins[row * BIN_WORDS + (bin >> 5)]! |= 1 << (bin & 31);
    this.#octaves[row]! |= octaveBit(bin);
  }
  close(): number[][] {
    const rows: number[][] = [];
    for (let row = 0; row < this.#rows; row++) if (this.#octaves[row] !== 0) rows.push(this.#closeRow(row));
    return rows;
  }
  /** The bins of a row that are not empty; empties them. */
  #closeRow(row: number): number[] {
    let end = 0;
    ROW[end++] = row;
    for (let octaves = this.#octaves[row]!; octaves !== 0; octaves &= octaves - 1) {
      const first = row * BIN_WORDS + lowestBit(octaves) * WORDS_PER_OCTAVE;
      for (let word = first; word < first + WORDS_PER_OCTAVE; word++) {
        for (let bits = this.#bins[word]!; bits !== 0; bits &= bits - 1) {
          const at = word * 32 + lowestBit(bits);
          ROW[end++] = at - row * BIN_COUNT;
          ROW[end++] = this.#counts[at]!;
          this.#counts[at] = 0;
        }
        this.#bins[word] = 0;
      }
    }
    this.#octaves[row] = 0;
    return ROW.slice(0, end);
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

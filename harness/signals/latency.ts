// Quantiles of merged latency histograms. Our own bins suffice: their error (0.4 % either way) is below what
// any report prints, merging is addition, and the same numbers come out in `sim`, `live` and every report,
// where a second histogram library would round differently.
import { BIN_COUNT, binMiddleMs } from "./bins.ts";

export class LatencyBins {
  readonly #counts = new Float64Array(BIN_COUNT);
  #total = 0;
  #lowest = BIN_COUNT;
  #highest = -1;

  get total(): number {
    return this.#total;
  }

  /** Adds a row of a SparseBins table: `[row, bin, count, bin, count, …]`, bins ascending. */
  add(row: readonly number[]): void {
    if (row.length > 1) {
      this.#lowest = Math.min(this.#lowest, row[1]!);
      this.#highest = Math.max(this.#highest, row[row.length - 2]!);
    }
    for (let at = 1; at < row.length; at += 2) {
      this.#counts[row[at]!]! += row[at + 1]!;
      this.#total += row[at + 1]!;
    }
  }

  clear(): void {
    this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.#total = 0;
    this.#lowest = BIN_COUNT;
    this.#highest = -1;
  }

  /** The latency that at least `quantile` (0..1) of the observations do not exceed: the middle of its bin; null without any. */
  quantileMs(quantile: number): number | null {
    return this.quantilesMs([quantile])?.[0] ?? null;
  }

  /** Several quantiles in one pass, ascending. */
  quantilesMs(quantiles: readonly number[]): number[] | null {
    if (this.#total === 0) return null;
    const values: number[] = [];
    let bin = this.#lowest;
    let seen = this.#counts[bin]!;
    for (const quantile of quantiles) {
      // Rank 1 is the smallest observation. The tiny allowance keeps 0.9 × 10 at rank 9.
      const rank = Math.max(1, Math.ceil(quantile * this.#total * (1 - 1e-9)));
      while (seen < rank) seen += this.#counts[++bin]!;
      values.push(binMiddleMs(bin));
    }
    return values;
  }
}

// Quantiles of merged latency histograms. Our own bins suffice: their error (0.4 % either way) is below what
// any report prints, merging is addition, and the same numbers come out in `sim`, `live` and every report,
// where a second histogram library would round differently.
import { binMiddleMs } from "./bins.ts";

export class LatencyBins {
  readonly #counts = new Map<number, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Adds a row of a SparseBins table: `[row, bin, count, bin, count, …]`. */
  add(row: readonly number[]): void {
    for (let at = 1; at < row.length; at += 2) {
      this.#counts.set(row[at]!, (this.#counts.get(row[at]!) ?? 0) + row[at + 1]!);
      this.#total += row[at + 1]!;
    }
  }

  /** The latency that at least `quantile` (0..1) of the observations do not exceed: the middle of its bin; null without any. */
  quantileMs(quantile: number): number | null {
    return this.quantilesMs([quantile])?.[0] ?? null;
  }

  /** Several quantiles in one pass, ascending. */
  quantilesMs(quantiles: readonly number[]): number[] | null {
    if (this.#total === 0) return null;
    const bins = [...this.#counts].sort((a, b) => a[0] - b[0]);
    const values: number[] = [];
    let at = 0;
    let seen = bins[0]![1];
    for (const quantile of quantiles) {
      // Rank 1 is the smallest observation. The tiny allowance keeps 0.9 × 10 at rank 9.
      const rank = Math.max(1, Math.ceil(quantile * this.#total - 1e-9 * this.#total));
      while (seen < rank) seen += bins[++at]![1];
      values.push(binMiddleMs(bins[at]![0]));
    }
    return values;
  }
}

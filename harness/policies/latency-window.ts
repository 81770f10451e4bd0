// How long answers took lately, as far as a percentile of it is wanted: over the last thousand, looked at anew after every
// hundred, so that it costs next to nothing in between.

const SIZE = 1000;
const EVERY = 100;

export class LatencyWindow {
  readonly #quantile: number;
  readonly #latenciesMs = new Float64Array(SIZE);
  #recorded = 0;
  #percentileMs = Infinity;

  /** `quantile`: 0.95 for the 95th percentile. */
  constructor(quantile: number) {
    this.#quantile = quantile;
  }

  record(latencyMs: number): void {
    this.#latenciesMs[this.#recorded % SIZE] = latencyMs;
    this.#recorded++;
    if (this.#recorded % EVERY !== 0) return;
    const sorted = this.#latenciesMs.slice(0, Math.min(this.#recorded, SIZE)).sort();
    this.#percentileMs = sorted[Math.ceil(this.#quantile * sorted.length) - 1]!;
  }

  /** Infinity before the first hundred. */
  get percentileMs(): number {
    return this.#percentileMs;
  }
}

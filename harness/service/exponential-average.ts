// A running mean in which a sample fades: the plain mean of the first ones, then a weight of 2 ÷ (window + 1) for each.
// Source: Netflix concurrency-limits, `ExpAvgMeasurement`.

export class ExponentialAverage {
  readonly #weight: number;
  readonly #warmUp: number;
  #count = 0;
  #sum = 0;
  #value = 0;

  /** `window` and `warmUp` are numbers of samples. */
  constructor(window: number, warmUp: number) {
    this.#weight = 2 / (window + 1);
    this.#warmUp = warmUp;
  }

  get value(): number {
    return this.#value;
  }

  add(sample: number): void {
    if (this.#count < this.#warmUp) {
      this.#sum += sample;
      this.#value = this.#sum / ++this.#count;
    } else this.#value = this.#value * (1 - this.#weight) + sample * this.#weight;
  }

  scale(factor: number): void {
    this.#value *= factor;
  }
}

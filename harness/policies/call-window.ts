// What a circuit breaker remembers: how many of the last calls there were, failed, and were slow.
// Source: Resilience4j `FixedSizeSlidingWindowMetrics` and `SlidingTimeWindowMetrics`. Hot: nothing is allocated per call.
import { assert } from "../core/assert.ts";

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls. */
export class CountWindow {
  readonly #outcomes: Uint8Array;
  #next = 0;
  calls = 0;
  failures = 0;
  slow = 0;

  constructor(size: number) {
    assert(size >= 1, "a window remembers at least one call");
    this.#outcomes = new Uint8Array(size);
  }

  record(isFailure: boolean, isSlow: boolean): void {
    const outcomes = this.#outcomes;
    if (this.calls === outcomes.length) {
      const evicted = outcomes[this.#next]!;
      this.failures -= evicted & FAILED;
      this.slow -= evicted >> 1;
    } else {
      this.calls++;
    }
    const outcome = (isFailure ? FAILED : 0) | (isSlow ? SLOW : 0);
    outcomes[this.#next] = outcome;
    this.#next = this.#next + 1 === outcomes.length ? 0 : this.#next + 1;
    this.failures += outcome & FAILED;
    this.slow += outcome >> 1;
  }

  clear(): void {
    this.#next = 0;
    this.calls = 0;
    this.failures = 0;
    this.slow = 0;
  }
}

/** The calls of the current slice of time and of those before it; the caller says which slice it is. */
export class TimeWindow {
  readonly #calls: Int32Array;
  readonly #failures: Int32Array;
  readonly #slow: Int32Array;
  #newest = 0;
  calls = 0;
  failures = 0;
  slow = 0;

  constructor(slices: number) {
    assert(slices >= 1, "a window has at least one slice");
    this.#calls = new Int32Array(slices);
    this.#failures = new Int32Array(slices);
    this.#slow = new Int32Array(slices);
  }

  /** `slice` never decreases: the time divided by the length of a slice, rounded down. */
  record(slice: number, isFailure: boolean, isSlow: boolean): void {
    this.forget(slice);
    const place = slice % this.#calls.length;
    this.#calls[place]!++;
    this.calls++;
    if (isFailure) {
      this.#failures[place]!++;
      this.failures++;
    }
    if (isSlow) {
      this.#slow[place]!++;
      this.slow++;
    }
  }

  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.#slow.fill(0);
    this.calls = 0;
    this.failures = 0;
    this.slow = 0;
  }

  /** Forgets the slices that have left the window by this one. */
  forget(slice: number): void {
    const slices = this.#calls.length;
    const from = Math.max(this.#newest + 1, slice - slices + 1);
    for (let passed = from; passed <= slice; passed++) {
      const place = passed % slices;
      this.calls -= this.#calls[place]!;
      this.failures -= this.#failures[place]!;
      this.slow -= this.#slow[place]!;
      this.#calls[place] = 0;
      this.#failures[place] = 0;
      this.#slow[place] = 0;
    }
    this.#newest = slice;
  }
}

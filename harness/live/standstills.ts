// The standstills of a run's processes, told once at its end: each by itself says little and there may be many.

export class Standstills {
  #count = 0;
  #longestMs = 0;
  #longestAtMs = 0;

  /** A process did nothing for `lagMs` although something was due. */
  add(atMs: number, lagMs: number): void {
    this.#count++;
    if (lagMs <= this.#longestMs) return;
    this.#longestMs = lagMs;
    this.#longestAtMs = atMs;
  }

  /** null where there was none. */
  text(): string | null {
    if (this.#count === 0) return null;
    const often = this.#count === 1 ? "once" : `${this.#count} times`;
    const when = `${(this.#longestAtMs / 1000).toFixed(1)} s into the run`;
    return `processes of the live run stood still ${often}, ${Math.round(this.#longestMs)} ms at the longest (${when})`;
  }
}

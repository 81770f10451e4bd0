// The recent past of a run, bucket by bucket, and what a metric was over any stretch of it. This is all that gates,
// alerts and responders may look at.
import { assert } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { Address } from "./address.ts";
import type { Bucket } from "./bucket.ts";
import { layoutOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { Selection } from "./selection.ts";
import type { Contribution } from "./selection.ts";

/** What the buckets contribute to one address, by bucket index; a bucket that never came is not there. */
interface Series {
  readonly selection: Selection;
  readonly byBucket: Map<number, Contribution>;
}

export class Window {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #series = new Map<string, Series>();
  #keepBuckets = 1;
  #latest = -1;

  constructor(plan: Plan, layout: Layout = layoutOf(plan)) {
    this.#plan = plan;
    this.#layout = layout;
  }

  /** The end of the latest bucket there is, in run time; 0 before the first. */
  get endMs(): number {
    return (this.#latest + 1) * this.#plan.bucketMs;
  }

  /** To be called before the first bucket comes: the last `overMs` stay answerable. The longest such wish holds for all. */
  watch(address: Address, overMs: number): void {
    assert(this.#latest < 0, "what is asked of a run is known before it begins");
    this.#keepBuckets = Math.max(this.#keepBuckets, Math.ceil(overMs / this.#plan.bucketMs) + 1);
    if (this.#series.has(address.text)) return;
    const selection = new Selection(address, this.#plan, this.#layout);
    this.#series.set(address.text, { selection, byBucket: new Map() });
  }

  /**
   * Takes the next closed bucket, of which only what contributes to a watched address is kept. A bucket that comes
   * twice replaces the first.
   */
  add(bucket: Bucket): void {
    this.#latest = Math.max(this.#latest, bucket.index);
    for (const { selection, byBucket } of this.#series.values()) {
      byBucket.set(bucket.index, selection.of(bucket));
      for (const index of byBucket.keys()) {
        if (index > this.#latest - this.#keepBuckets) break;
        byBucket.delete(index);
      }
    }
  }

  /**
   * The metric over [fromMs, toMs), both rounded to whole buckets; what lies before the run's start is left
   * out. null = no data: a bucket of the stretch is missing or no longer kept, or nothing happened that the
   * metric could be computed from. The address is one that is watched.
   */
  query(address: Address, fromMs: number, toMs: number): number | null {
    const from = Math.max(0, Math.round(fromMs / this.#plan.bucketMs));
    const to = Math.round(toMs / this.#plan.bucketMs);
    if (to <= from) return null;
    const series = this.#series.get(address.text);
    assert(series !== undefined, `${address.text} is watched`);
    const contributions: Contribution[] = [];
    for (let index = from; index < to; index++) {
      const contribution = series.byBucket.get(index);
      if (contribution === undefined) return null;
      contributions.push(contribution);
    }
    return series.selection.value(contributions, (to - from) * this.#plan.bucketMs);
  }
}

// The recent past of a run as closed buckets, and what a metric was over any stretch of it. This is all that
// gates, alerts and responders may look at.
import type { Plan } from "../model/plan.ts";
import type { Address } from "./address.ts";
import type { Bucket } from "./bucket.ts";
import { layoutOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { Selection } from "./selection.ts";
import type { Contribution } from "./selection.ts";

/** Contributions of one address, by bucket index; null = that bucket never came. */
interface Series {
  readonly selection: Selection;
  readonly byBucket: Map<number, Contribution>;
}

export class Window {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #buckets = new Map<number, Bucket>();
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

  /** Asks that the last `overMs` stay answerable; the longest such wish holds. */
  keep(overMs: number): void {
    this.#keepBuckets = Math.max(this.#keepBuckets, Math.ceil(overMs / this.#plan.bucketMs) + 1);
  }

  /** Takes the next closed bucket. A bucket that comes twice replaces the first. */
  add(bucket: Bucket): void {
    this.#buckets.set(bucket.index, bucket);
    for (const series of this.#series.values()) series.byBucket.set(bucket.index, series.selection.of(bucket));
    if (bucket.index <= this.#latest) return;
    this.#latest = bucket.index;
    const oldest = this.#latest - this.#keepBuckets + 1;
    for (const index of this.#buckets.keys()) {
      if (index >= oldest) continue;
      this.#buckets.delete(index);
      for (const series of this.#series.values()) series.byBucket.delete(index);
    }
  }

  /**
   * The metric over [fromMs, toMs), both rounded to whole buckets; what lies before the run's start is left
   * out. null = no data: a bucket of the stretch is missing or no longer kept, or nothing happened that the
   * metric could be computed from.
   */
  query(address: Address, fromMs: number, toMs: number): number | null {
    const from = Math.max(0, Math.round(fromMs / this.#plan.bucketMs));
    const to = Math.round(toMs / this.#plan.bucketMs);
    if (to <= from) return null;
    const { selection, byBucket } = this.#seriesOf(address);
    const contributions: Contribution[] = [];
    for (let index = from; index < to; index++) {
      const contribution = byBucket.get(index);
      if (contribution === undefined) return null;
      contributions.push(contribution);
    }
    return selection.value(contributions, (to - from) * this.#plan.bucketMs);
  }

  #seriesOf(address: Address): Series {
    const known = this.#series.get(address.text);
    if (known !== undefined) return known;
    const selection = new Selection(address, this.#plan, this.#layout);
    const byBucket = new Map([...this.#buckets].map(([index, bucket]) => [index, selection.of(bucket)]));
    const series: Series = { selection, byBucket };
    this.#series.set(address.text, series);
    return series;
  }
}

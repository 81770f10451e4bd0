// What the control plane can see of the run: closed buckets, one monitoring delay after their end. A bucket that
// did not come, or in which a process is missing, is no data for every question about its time.
import { assert } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { Address } from "../signals/address.ts";
import { parseAddress, stableOf } from "../signals/address.ts";
import type { Bucket } from "../signals/bucket.ts";
import { SERVICE } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";
import { layoutOf } from "../signals/layout.ts";
import { Window } from "../signals/window.ts";
import { looksOf } from "./looks.ts";

export class Monitor {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #window: Window;
  readonly #addresses = new Map<string, Address>();
  /** Closed and not yet visible. */
  readonly #closed: Bucket[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#layout = layoutOf(plan);
    this.#window = new Window(plan, this.#layout);
    for (const { metric, overMs, ofStable } of looksOf(plan)) {
      const address = this.#addressOf(metric);
      const stable = ofStable ? stableOf(address, plan) : null;
      for (const each of stable === null ? [address] : [address, stable]) this.#window.watch(each, overMs);
    }
  }

  closed(bucket: Bucket): void {
    this.#closed.push(bucket);
  }

  /** When the next closed bucket becomes visible. */
  nextWakeup(): number {
    const next = this.#closed[0];
    return next === undefined ? Infinity : this.#visibleMs(next);
  }

  /** The buckets that have become visible by `nowMs`. */
  reveal(nowMs: number): Bucket[] {
    const visible: Bucket[] = [];
    while (this.nextWakeup() <= nowMs) {
      const bucket = this.#closed.shift()!;
      if (bucket.missing === 0) this.#window.add(bucket);
      visible.push(bucket);
    }
    return visible;
  }

  /** A metric over the last `overMs` (at least one bucket) of what should be visible at `atMs`; null = no data. */
  measure(metric: string, overMs: number, atMs: number, of: "itself" | "stable"): number | null {
    const address = this.#addressOf(metric);
    const asked = of === "itself" ? address : stableOf(address, this.#plan);
    if (asked === null) return null;
    const { bucketMs, monitoringDelayMs } = this.#plan;
    // 1e-9 absorbs the round-off of compressed delays, so that a bucket is visible from exactly its time on.
    const toMs = Math.floor((atMs - monitoringDelayMs) / bucketMs + 1e-9) * bucketMs;
    return this.#window.query(asked, toMs - Math.max(overMs, bucketMs), toMs);
  }

  /** Requests that instances of a variant answered in a bucket. */
  served(bucket: Bucket, service: number, variant: number): number {
    let ended = 0;
    for (const row of bucket.services) {
      const key = this.#layout.serviceRows[row[0]!]!;
      if (key.service !== service || key.variant !== variant) continue;
      for (let i = 1; i < row.length; i += 2) if (row[i] === SERVICE.ended) ended += row[i + 1]!;
    }
    return ended;
  }

  #visibleMs(bucket: Bucket): number {
    return (bucket.index + 1) * this.#plan.bucketMs + this.#plan.monitoringDelayMs;
  }

  #addressOf(metric: string): Address {
    const known = this.#addresses.get(metric);
    if (known !== undefined) return known;
    const parsed = parseAddress(metric, this.#plan);
    assert("address" in parsed, `the compiler checked the metric ${metric}`);
    this.#addresses.set(metric, parsed.address);
    return parsed.address;
  }
}

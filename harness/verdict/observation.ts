// What the judge needs to know of a recording, gathered in one pass: one merged bucket per measurement window,
// the journeys bucket by bucket, and the totals.
import { assert } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import type { Recording, RunEnd } from "../recording/recording.ts";
import type { Bucket } from "../signals/bucket.ts";
import { JOURNEY } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";
import { layoutOf } from "../signals/layout.ts";
import { emptyBucket, mergeBuckets } from "../signals/merge.ts";
import { BlameSeries } from "./blame-series.ts";
import type { Counts } from "./excess.ts";
import { Totals } from "./totals.ts";
import type { WindowGrid } from "./window-grid.ts";
import { windowGridOf } from "./window-grid.ts";

export interface Observation {
  readonly plan: Plan;
  readonly planHash: string;
  readonly engine: "sim" | "live";
  readonly layout: Layout;
  readonly grid: WindowGrid;
  /** One bucket per window, without latencies; its index is the window's. Those never reached are empty. */
  readonly windows: readonly Bucket[];
  readonly journeys: JourneySeries;
  readonly blame: BlameSeries;
  readonly totals: Totals;
  /** Length of what the totals cover. */
  readonly measuredMs: number;
  /** Run time up to which there is data: the plan's end, or the end of an interrupted run. */
  readonly endMs: number;
  readonly events: readonly RunEvent[];
  readonly end: RunEnd;
  /** Seconds in which a live process did not report. */
  readonly bucketsWithGaps: number;
}

export function observe(recording: Recording): Observation {
  const { plan, planHash, engine } = recording.header;
  const layout = layoutOf(plan);
  const grid = windowGridOf(plan);
  const windows = Array.from({ length: grid.windowCount }, (_, index) => emptyBucket(index));
  const journeys = new JourneySeries(plan, layout);
  const blame = new BlameSeries(plan);
  const totals = new Totals(layout);
  let latest = grid.firstBucket - 1;
  let measured = 0;
  let bucketsWithGaps = 0;
  for (const bucket of recording.buckets()) {
    journeys.add(bucket);
    blame.add(bucket);
    if (bucket.index < grid.firstBucket) continue;
    const window = Math.floor((bucket.index - grid.firstBucket) / grid.bucketsPerWindow);
    if (window >= grid.windowCount) continue;
    windows[window] = mergeBuckets(windows[window]!, withoutLatencies(bucket, window));
    totals.add(bucket);
    latest = Math.max(latest, bucket.index);
    measured++;
    if (bucket.missing > 0) bucketsWithGaps++;
  }
  return {
    plan,
    planHash,
    engine,
    layout,
    grid,
    windows,
    journeys,
    blame,
    totals,
    measuredMs: measured * plan.bucketMs,
    endMs: Math.min(plan.endMs, (latest + 1) * plan.bucketMs),
    events: recording.events,
    end: recording.end,
    bucketsWithGaps,
  };
}

/** Start of a window in run time. */
export function windowStartMs({ plan, grid }: Pick<Observation, "plan" | "grid">, window: number): number {
  return (grid.firstBucket + window * grid.bucketsPerWindow) * plan.bucketMs;
}

/** Number of windows that the run saw to their end. */
export function fullWindows({ plan, grid, endMs }: Observation): number {
  return Math.floor((Math.round(endMs / plan.bucketMs) - grid.firstBucket) / grid.bucketsPerWindow);
}

/** Requests that ended, and badly, per journey and bucket: as running sums, so that any stretch is a difference. */
export class JourneySeries {
  readonly #journeyOfRow: readonly number[];
  readonly #width: number;
  /** `[bucket × width + journey × 2]`: requests of that bucket, `+ 1`: bad ones. */
  readonly #counts: Float64Array;
  readonly #buckets: number;

  constructor(plan: Plan, layout: Layout) {
    this.#journeyOfRow = layout.journeyRows.map(({ journey }) => journey);
    this.#width = plan.journeys.length * 2;
    this.#buckets = Math.round(plan.endMs / plan.bucketMs);
    this.#counts = new Float64Array(this.#width * this.#buckets);
  }

  add(bucket: Bucket): void {
    if (bucket.index >= this.#buckets) return;
    for (const row of bucket.journeys) {
      const at = bucket.index * this.#width + this.#journeyOfRow[row[0]!]! * 2;
      for (let pair = 1; pair < row.length; pair += 2) {
        const column = row[pair]!;
        if (column === JOURNEY.ended) this.#counts[at]! += row[pair + 1]!;
        else if (column > JOURNEY.outcome) this.#counts[at + 1]! += row[pair + 1]!;
      }
    }
  }

  /** Over the buckets [from, to); what lies outside the run counts nothing. */
  over(journey: number, from: number, to: number): Counts {
    assert(journey * 2 < this.#width, "the journey exists");
    let requests = 0;
    let bad = 0;
    for (let bucket = Math.max(0, from); bucket < Math.min(to, this.#buckets); bucket++) {
      requests += this.#counts[bucket * this.#width + journey * 2]!;
      bad += this.#counts[bucket * this.#width + journey * 2 + 1]!;
    }
    return { requests, bad };
  }
}

function withoutLatencies(bucket: Bucket, index: number): Bucket {
  return { ...bucket, index, serviceLatency: [], edgeLatency: [], journeyLatency: [] };
}

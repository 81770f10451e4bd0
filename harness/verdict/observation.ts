// What the judge needs to know of a recording, gathered in one pass: one merged bucket per measurement window,
// the journeys bucket by bucket, and the totals. All of it plain data, so that it can pass from thread to thread.
import type { Plan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import type { Recording, RunEnd } from "../recording/recording.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { Layout } from "../signals/layout.ts";
import { layoutOf } from "../signals/layout.ts";
import { emptyBucket, mergeBuckets } from "../signals/merge.ts";
import type { BlameSeries } from "./blame-series.ts";
import { addToBlame, emptyBlameSeries } from "./blame-series.ts";
import type { JourneySeries } from "./journey-series.ts";
import { addToJourneys, emptyJourneySeries } from "./journey-series.ts";
import type { Totals } from "./totals.ts";
import { addToTotals, emptyTotals } from "./totals.ts";
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
  const journeys = emptyJourneySeries(plan);
  const blame = emptyBlameSeries(plan);
  const totals = emptyTotals(layout);
  let latest = grid.firstBucket - 1;
  let measured = 0;
  let bucketsWithGaps = 0;
  for (const bucket of recording.buckets()) {
    addToJourneys(journeys, bucket, layout);
    addToBlame(blame, bucket, plan);
    if (bucket.index < grid.firstBucket) continue;
    const window = Math.floor((bucket.index - grid.firstBucket) / grid.bucketsPerWindow);
    if (window >= grid.windowCount) continue;
    windows[window] = mergeBuckets(windows[window]!, withoutLatencies(bucket, window));
    addToTotals(totals, bucket, layout);
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

function withoutLatencies(bucket: Bucket, index: number): Bucket {
  return { ...bucket, index, serviceLatency: [], edgeLatency: [], journeyLatency: [] };
}

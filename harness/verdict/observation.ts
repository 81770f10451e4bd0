// What the judge needs to know of a run: sums and bad users by measurement window, journeys and blame bucket by bucket,
// and the totals. All of it plain data, so that it can pass from process to process; observer.ts gathers it.
import type { Plan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import type { RunEnd } from "../recording/recording.ts";
import type { Layout } from "../signals/layout.ts";
import type { BlameSeries } from "./blame-series.ts";
import type { JourneySeries } from "./journey-series.ts";
import type { Totals } from "./totals.ts";
import type { WindowGrid } from "./window-grid.ts";
import type { Windows } from "./windows.ts";

export interface Observation {
  readonly plan: Plan;
  readonly planHash: string;
  readonly engine: "sim" | "live";
  readonly layout: Layout;
  readonly grid: WindowGrid;
  /** Windows never reached are all zero. */
  readonly windows: Windows;
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

/** Start of a window in run time. */
export function windowStartMs({ plan, grid }: Pick<Observation, "plan" | "grid">, window: number): number {
  return (grid.firstBucket + window * grid.bucketsPerWindow) * plan.bucketMs;
}

/** Number of windows that the run saw to their end. */
export function fullWindows({ plan, grid, endMs }: Observation): number {
  return Math.floor((Math.round(endMs / plan.bucketMs) - grid.firstBucket) / grid.bucketsPerWindow);
}

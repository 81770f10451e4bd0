// When users were well again after the trigger had gone: the first full window, at any bucket, in which every
// journey is inside its objective or no worse than the control.
import type { Comparison } from "./comparison.ts";
import { isExcess } from "./excess.ts";
import type { Impact } from "./impact.ts";
import { allowancesOf } from "./impact.ts";
import { journeyCounts } from "./journey-series.ts";
import type { Observation } from "./observation.ts";

export interface Recovery {
  /** Run time at which that window begins; null where there is none, or where a journey was impacted again at the end. */
  readonly atMs: number | null;
}

export function recoveryOf(run: Observation, comparison: Comparison, impact: Impact, goneMs: number): Recovery {
  const { bucketMs } = run.plan;
  const { bucketsPerWindow } = run.grid;
  const lastFull = impact.fullWindows - 1;
  if (impact.journeys.some((windows) => windows.includes(lastFull))) return { atMs: null };
  const end = Math.round(run.endMs / bucketMs);
  const first = Math.ceil(goneMs / bucketMs - 1e-9);
  for (let bucket = first; bucket + bucketsPerWindow <= end; bucket++) {
    if (isWell(run, comparison, bucket, bucket + bucketsPerWindow))
      return { atMs: Math.max(goneMs, bucket * bucketMs) };
  }
  // The run ended less than a window after the trigger was gone: well is who was never unwell.
  const wasUnwell = impact.journeys.some((windows) => windows.length > 0);
  return { atMs: first + bucketsPerWindow > end && !wasUnwell ? goneMs : null };
}

/** Every journey over the buckets [from, to). */
function isWell(run: Observation, comparison: Comparison, from: number, to: number): boolean {
  return allowancesOf(run.plan).every(
    (allowance, journey) =>
      !isExcess(journeyCounts(run.journeys, journey, from, to), comparison.journey(journey, from, to), allowance),
  );
}

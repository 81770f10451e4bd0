// The journeys that were impacted, in order of first impact.
import { badRatio, LEAST_EXCESS_REQUESTS } from "./excess.ts";
import type { Impact } from "./impact.ts";
import { inOrderOfImpact, worstRatio } from "./impact.ts";
import { journeyCounts } from "./journey-series.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";
import type { VariantResult } from "./result.ts";
import type { WindowCounts } from "./window-counts.ts";

export function journeysHitOf(
  run: Observation,
  counts: readonly WindowCounts[],
  impact: Impact,
  beganMs: number,
): VariantResult["journeysHit"][number][] {
  const hits = inOrderOfImpact(impact.journeys).map((journey) => ({
    journey,
    atMs: Math.max(beganMs, startOf(journey, impact.journeys[journey]![0]!, run)),
    worst: worstRatio(journey, impact, counts),
  }));
  hits.sort((a, b) => a.atMs - b.atMs || a.journey - b.journey);
  return hits.map(({ journey, atMs, worst }) => ({
    journey: run.plan.journeys[journey]!.name,
    atMs: atMs - run.plan.warmUpMs,
    worst,
  }));
}

/** Run time of the first bucket of the window by which enough requests beyond the allowance had gone bad. */
function startOf(journey: number, window: number, run: Observation): number {
  const from = run.grid.firstBucket + window * run.grid.bucketsPerWindow;
  const allowance = 1 - (run.plan.journeys[journey]!.objective.good ?? 1);
  for (let bucket = from; bucket < from + run.grid.bucketsPerWindow; bucket++) {
    const counts = journeyCounts(run.journeys, journey, from, bucket + 1);
    const excess = (badRatio(counts) - allowance) * counts.requests;
    if (excess >= LEAST_EXCESS_REQUESTS) return bucket * run.plan.bucketMs;
  }
  return windowStartMs(run, window);
}

// What the strategy and the people did, beside what users felt: the worst bad ratio of any journey in the window
// before and in the window after each action.
import { badRatio } from "./excess.ts";
import { journeyCounts } from "./journey-series.ts";
import type { Observation } from "./observation.ts";
import type { VariantResult } from "./result.ts";

export function actionsOf(run: Observation): VariantResult["actions"][number][] {
  const { plan, grid, events } = run;
  return events.flatMap((event) => {
    if (event.kind !== "action") return [];
    const bucket = Math.floor(event.atMs / plan.bucketMs + 1e-9);
    return [
      {
        atMs: event.atMs - plan.warmUpMs,
        do: event.action,
        by: event.by,
        cause: event.cause,
        badBefore: worstOver(run, bucket - grid.bucketsPerWindow, bucket),
        badAfter: worstOver(run, bucket, bucket + grid.bucketsPerWindow),
      },
    ];
  });
}

function worstOver(run: Observation, from: number, to: number): number {
  return Math.max(
    0,
    ...run.plan.journeys.map((_, journey) => badRatio(journeyCounts(run.journeys, journey, from, to))),
  );
}

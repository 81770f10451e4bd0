// Do the objectives hold without the failure? If not, nothing that the run shows can be blamed on the trigger.
import type { Counts } from "./excess.ts";
import { badRatio, STANDARD_ERRORS } from "./excess.ts";
import { journeyCounts } from "./journey-series.ts";
import type { Observation } from "./observation.ts";
import { percentText } from "./outcome.ts";

/**
 * Which objectives are missed before the first timeline event, or over the whole control where nothing of the
 * timeline is background; null = none. An objective is missed when the bad ratio is above its allowance by more
 * than chance explains: 3 standard errors of the allowance, √(a (1 − a) / n).
 */
export function invalidityOf(run: Observation, control: Observation | null): string | null {
  const { plan } = run;
  const firstEventMs = Math.min(plan.endMs, ...plan.timeline.map((event) => event.atMs));
  const before = missed(run, bucketAt(run, plan.warmUpMs), bucketAt(run, firstEventMs));
  if (before.length > 0) return `before the first event, ${before.join(", ")}`;
  if (control === null || plan.timeline.some((event) => event.background)) return null;
  const whole = missed(control, bucketAt(control, plan.warmUpMs), bucketAt(control, plan.endMs));
  return whole.length > 0 ? `in the control, ${whole.join(", ")}` : null;
}

function bucketAt({ plan }: Observation, atMs: number): number {
  return Math.floor(atMs / plan.bucketMs + 1e-9);
}

function missed(observation: Observation, from: number, to: number): string[] {
  return observation.plan.journeys.flatMap(({ name, objective }, journey) => {
    if (objective.good === null) return [];
    const counts = journeyCounts(observation.journeys, journey, from, to);
    if (!isMissed(counts, 1 - objective.good)) return [];
    return [`${name} is bad for ${percentText(badRatio(counts))} (${percentText(1 - objective.good)} allowed)`];
  });
}

function isMissed(counts: Counts, allowance: number): boolean {
  if (counts.requests <= 0) return false;
  const error = Math.sqrt((allowance * (1 - allowance)) / counts.requests);
  return badRatio(counts) > allowance + STANDARD_ERRORS * error;
}

// Everything that the control plane of a plan may ever ask of its monitoring: known before the run, so that nothing
// else of a bucket need be kept.
import type { Plan } from "../model/plan.ts";
import type { AlertPlan, LimitPlan } from "../model/release-plan.ts";
import { metricBurnt } from "../response/alert.ts";

/** A metric over its last `overMs`; with `ofStable`, that of the stable version as well. */
export interface PlannedLook {
  /** A full address. */
  readonly metric: string;
  readonly overMs: number;
  readonly ofStable: boolean;
}

export function looksOf({ analyses, alerts, timeline, services, journeys }: Plan): PlannedLook[] {
  return [
    ...analyses.flatMap(({ metrics }) => metrics.map(limited)),
    ...timeline.flatMap((event) => (event.do === "fault" && event.when !== undefined ? limited(event.when) : [])),
    ...services.flatMap(({ autoscaling }) => (autoscaling === undefined ? [] : { ...autoscaling, ofStable: false })),
    ...alerts.flatMap((alert) => looksOfAlert(alert, journeys)),
  ];
}

function looksOfAlert({ condition }: AlertPlan, journeys: Plan["journeys"]): PlannedLook[] {
  if (condition.type === "metric") return [limited(condition)];
  const metric = metricBurnt(journeys[condition.journey]!);
  return [condition.longMs, condition.shortMs].map((overMs) => ({ metric, overMs, ofStable: false }));
}

function limited({ metric, overMs, limit }: { metric: string; overMs: number; limit: LimitPlan }): PlannedLook {
  return { metric, overMs, ofStable: limit.relativeToStable };
}

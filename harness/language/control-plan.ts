// The control of a variant: the same users, arrivals and background events, without trigger and responses.
import type { Plan } from "../model/plan.ts";

/** Variants that differ only in their strategy have deep-equal controls, so that they share one run. */
export function controlOf(plan: Plan): Plan {
  const { remedies: _, ...rest } = plan;
  return {
    ...rest,
    strategy: null,
    isControl: true,
    timeline: plan.timeline.filter((event) => event.background),
    rollout: null,
    teams: [],
    analyses: [],
    alerts: [],
    responses: [],
  };
}

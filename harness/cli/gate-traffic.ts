// Whether a gate sees enough requests to decide by: how many fall into each of its windows, per step.
import { capacityOf } from "../analysis/capacity.ts";
import type { Capacity } from "../analysis/capacity.ts";
import { peakRate } from "../analysis/demand.ts";
import type { Plan } from "../model/plan.ts";
import { parseAddress } from "../signals/address.ts";
import type { Scope } from "../signals/address.ts";

/** One metric of one gate at one stage of the rollout. */
export interface GateTraffic {
  readonly analysis: string;
  readonly metric: string;
  /** Share of the requests that the new version serves while the gate measures, 0..1. */
  readonly share: number;
  readonly windowMs: number;
  /** Expected at the loads' peak. */
  readonly requests: number;
}

/** Fewer requests than this in a window cannot be told from noise. */
export const FEWEST_REQUESTS = 30;

export function gateTraffic(plan: Plan): GateTraffic[] {
  const capacity = capacityOf(plan);
  return gatesOf(plan).flatMap(({ analysis, share }) => {
    const { name, metrics } = plan.analyses[analysis]!;
    return metrics.flatMap(({ metric, overMs }): GateTraffic[] => {
      const parsed = parseAddress(metric, plan);
      if (!("address" in parsed)) return [];
      const rate = ratePerSecond(plan, capacity, parsed.address.scope, share);
      return rate === null
        ? []
        : [{ analysis: name, metric, share, windowMs: overMs, requests: (rate * overMs) / 1000 }];
    });
  });
}

/** Every gate of the rollout with the new version's share at that point. */
function gatesOf({ rollout, timeline, versions, services }: Plan): { analysis: number; share: number }[] {
  if (rollout === null) return [];
  if (rollout.kind === "canary") {
    let share = 0;
    return rollout.steps.flatMap((step) => {
      if (step.do === "weight") share = step.weight / 100;
      return step.do === "analysis" ? [{ analysis: step.analysis, share }] : [];
    });
  }
  if (rollout.kind !== "staged" || rollout.analysis === null) return [];
  const { analysis } = rollout;
  const release = timeline.find((event) => event.do === "release");
  const replicas = release === undefined ? [] : services[versions[release.version]!.service]!.replicasPerZone;
  const all = replicas.reduce((sum, count) => sum + count, 0);
  let reached = 0;
  return rollout.order.map((zone) => {
    reached += replicas[zone] ?? 0;
    return { analysis, share: all === 0 ? 0 : reached / all };
  });
}

/** null where the metric is not about a flow of requests that we can foresee. */
function ratePerSecond(plan: Plan, capacity: Capacity, scope: Scope, share: number): number | null {
  switch (scope.type) {
    case "service": {
      const { requestsPerSecond } = capacity.services[scope.service]!;
      if (scope.version === "all") return requestsPerSecond;
      return requestsPerSecond * (scope.version !== "new" && scope.version.variant === 0 ? 1 - share : share);
    }
    case "journey":
      return plan.loads.reduce(
        (sum, { rate, mix }) =>
          sum + peakRate(rate) * (mix.find(({ journey }) => journey === scope.journey)?.share ?? 0),
        0,
      );
    case "load":
      return peakRate(plan.loads[scope.load]!.rate);
    default:
      return null;
  }
}

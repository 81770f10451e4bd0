// The autoscaler of a service, whose metric is one of its own.
import type { AutoscalingPlan, ScalingRulesPlan } from "../model/autoscaling-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { Cursor } from "./cursor.ts";
import type { WrittenService } from "./service-schema.ts";

type Written = NonNullable<AtPace<WrittenService>["autoscaling"]>;

/** The part of a ServicePlan that says so: empty, or `autoscaling` alone. `replicas`: how many instances it begins with. */
export function compileAutoscaling(
  service: string,
  written: Written | undefined,
  replicas: number,
  cursor: Cursor,
): { readonly autoscaling?: AutoscalingPlan } {
  if (written === undefined) return {};
  const { metric, target, min, max, tolerance } = written;
  if (replicas < min || replicas > max)
    cursor.error("out-of-range", `it begins with ${replicas} instances, which is not between \`min\` and \`max\``);
  return {
    autoscaling: {
      metric: `services.${service}.${metric}`,
      target,
      min,
      max,
      syncPeriodMs: written.syncPeriod,
      overMs: written.over,
      tolerance,
      scaleUp: rulesOf(written.scaleUp),
      scaleDown: rulesOf(written.scaleDown),
    },
  };
}

function rulesOf({ stabilizationWindow, percent, instances, period }: Written["scaleUp"]): ScalingRulesPlan {
  return { stabilizationWindowMs: stabilizationWindow, ratio: percent, count: instances, periodMs: period };
}

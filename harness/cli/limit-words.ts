// A limit on a metric in words, in the unit of the metric.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { LimitPlan } from "../model/release-plan.ts";
import { parseAddress } from "../signals/address.ts";
import type { Unit } from "../signals/measure.ts";
import { spanText } from "./duration-text.ts";
import { shareText } from "./number-text.ts";

/** `at least 99.9 %`, `at most 300 ms`, `at most 120 % of stable`. */
export function metricLimitWords(plan: Plan, metric: string, { atLeast, atMost, relativeToStable }: LimitPlan): string {
  const parsed = parseAddress(metric, plan);
  const unit = "address" in parsed ? parsed.address.measure.unit : "number";
  const value = (limit: number): string => (relativeToStable ? `${shareText(limit)} of stable` : inUnit(limit, unit));
  return [
    ...(atLeast === null ? [] : [`at least ${value(atLeast)}`]),
    ...(atMost === null ? [] : [`at most ${value(atMost)}`]),
  ].join(" and ");
}

function inUnit(limit: number, unit: Unit): string {
  switch (unit) {
    case "ratio":
      return shareText(limit);
    case "ms":
      return spanText(limit);
    case "perSecond":
      return `${limit}/s`;
    case "count":
    case "number":
    case "factor":
      return String(limit);
    default:
      return unreachable(unit);
  }
}

// Checks: claims about metrics of a run, each with what was observed.
import type { CheckPlan } from "../model/plan.ts";
import type { Recording } from "../recording/recording.ts";
import { parseAddress } from "../signals/address.ts";
import { layoutOf } from "../signals/layout.ts";
import type { Contribution } from "../signals/selection.ts";
import { Selection } from "../signals/selection.ts";
import type { CheckResult } from "./result.ts";

/** A check on what has no data fails, and so does one on a metric that does not exist in this plan. */
export function checked(recording: Recording, checks: readonly CheckPlan[]): CheckResult[] {
  if (checks.length === 0) return [];
  const { plan } = recording.header;
  const layout = layoutOf(plan);
  const watches = checks.map(({ metric, window }) => {
    const parsed = parseAddress(metric, plan);
    const fromMs = window?.fromMs ?? plan.warmUpMs;
    const toMs = window?.toMs ?? plan.endMs;
    return {
      selection: "address" in parsed ? new Selection(parsed.address, plan, layout) : null,
      from: Math.round(fromMs / plan.bucketMs),
      to: Math.round(toMs / plan.bucketMs),
      contributions: [] as Contribution[],
    };
  });
  for (const bucket of recording.buckets()) {
    for (const { selection, from, to, contributions } of watches) {
      if (selection !== null && bucket.index >= from && bucket.index < to) contributions.push(selection.of(bucket));
    }
  }
  return checks.map((check, index) => {
    const { selection, contributions } = watches[index]!;
    const hasData = selection !== null && contributions.length > 0;
    return resultOf(check, hasData ? selection.value(contributions, contributions.length * plan.bucketMs) : null);
  });
}

function resultOf({ claim, metric, atLeast, atMost }: CheckPlan, observed: number | null): CheckResult {
  const holds =
    (atLeast === null || (observed ?? -Infinity) >= atLeast) && (atMost === null || (observed ?? Infinity) <= atMost);
  const limit = { ...(atLeast === null ? {} : { atLeast }), ...(atMost === null ? {} : { atMost }) };
  return { claim, metric, passed: observed !== null && holds, observed, limit };
}

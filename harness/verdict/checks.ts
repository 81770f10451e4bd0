// Checks: claims about metrics of a run, each with what was observed.
import type { CheckPlan, Plan } from "../model/plan.ts";
import { parseAddress } from "../signals/address.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { Layout } from "../signals/layout.ts";
import type { Contribution } from "../signals/selection.ts";
import { Selection } from "../signals/selection.ts";
import type { CheckResult } from "./result.ts";

/** One check as the buckets of its window come in; there is no selection where its metric does not exist in the plan. */
interface Watched {
  readonly check: CheckPlan;
  readonly selection: Selection | null;
  /** Buckets [from, to). */
  readonly from: number;
  readonly to: number;
  readonly contributions: Contribution[];
}

export class CheckWatch {
  readonly #watched: readonly Watched[];
  readonly #bucketMs: number;

  constructor(plan: Plan, layout: Layout, checks: readonly CheckPlan[]) {
    this.#bucketMs = plan.bucketMs;
    this.#watched = checks.map((check) => {
      const { metric, window } = check;
      const parsed = parseAddress(metric, plan);
      const fromMs = window?.fromMs ?? plan.warmUpMs;
      const toMs = window?.toMs ?? plan.endMs;
      return {
        check,
        selection: "address" in parsed ? new Selection(parsed.address, plan, layout) : null,
        from: Math.round(fromMs / plan.bucketMs),
        to: Math.round(toMs / plan.bucketMs),
        contributions: [],
      };
    });
  }

  add(bucket: Bucket): void {
    for (const { selection, from, to, contributions } of this.#watched) {
      if (selection !== null && bucket.index >= from && bucket.index < to) contributions.push(selection.of(bucket));
    }
  }

  /** A check on what has no data fails, and so does one on a metric that does not exist in this plan. */
  results(): CheckResult[] {
    return this.#watched.map(({ check, selection, contributions }) => {
      const hasData = selection !== null && contributions.length > 0;
      const coveredMs = contributions.length * this.#bucketMs;
      return resultOf(check, hasData ? selection.value(contributions, coveredMs) : null);
    });
  }
}

function resultOf({ claim, metric, atLeast, atMost }: CheckPlan, observed: number | null): CheckResult {
  const holds =
    (atLeast === null || (observed ?? -Infinity) >= atLeast) && (atMost === null || (observed ?? Infinity) <= atMost);
  const limit = { ...(atLeast === null ? {} : { atLeast }), ...(atMost === null ? {} : { atMost }) };
  return { claim, metric, passed: observed !== null && holds, observed, limit };
}

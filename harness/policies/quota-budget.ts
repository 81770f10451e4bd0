// A purse that every retry is paid from, and that successes fill again: the standard mode of the AWS SDKs.
// Source: botocore `retries/quota.py` and `RetryQuotaChecker` of `retries/standard.py`. The newer costs (14, and 5 for a
// throttled one) are written as `retryCost: 14`.
import * as z from "zod";
import type { QuotaBudgetPlan } from "../model/call-plan.ts";
import { count } from "../schema/count.ts";

/** Written `retry.budget` with `type: quota`; the output is a QuotaBudgetPlan. */
export const quotaBudgetSchema = z
  .strictObject({
    type: z.literal("quota").describe("quota: a purse that retries are paid from, as the AWS SDKs."),
    capacity: count(1).prefault(500).describe("What is in the purse at the start, and at most."),
    retryCost: count().prefault(5).describe("What a retry costs."),
    timeoutCost: count().prefault(10).describe("What a retry after a timeout costs."),
    refill: count()
      .prefault(1)
      .describe("What a success at the first try pays in; a success after retries gives back what the last one cost."),
  })
  .transform((written): QuotaBudgetPlan => written);

export class QuotaBudget {
  readonly #plan: QuotaBudgetPlan;
  #available: number;

  constructor(plan: QuotaBudgetPlan) {
    this.#plan = plan;
    this.#available = plan.capacity;
  }

  /** True, and paid for, where a retry is allowed now. */
  tryPay(isTimeout: boolean): boolean {
    const cost = this.costOf(isTimeout);
    if (cost > this.#available) return false;
    this.#available -= cost;
    return true;
  }

  costOf(isTimeout: boolean): number {
    return isTimeout ? this.#plan.timeoutCost : this.#plan.retryCost;
  }

  /** A call succeeded, whose last retry had cost `paid`; null = it was never retried. */
  succeeded(paid: number | null): void {
    this.#available = Math.min(this.#plan.capacity, this.#available + (paid ?? this.#plan.refill));
  }

  get available(): number {
    return this.#available;
  }
}

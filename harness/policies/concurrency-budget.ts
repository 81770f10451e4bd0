// Retries in proportion to what is under way: so many may be active at a time, however fast they fail.
// Source: Envoy `cluster.v3.CircuitBreakers.Thresholds.RetryBudget`, `RetryBudgetImpl` of
// source/common/upstream/resource_manager_impl.h, and `RetryStateImpl` for when a retry is active: from the moment at
// which it is decided, through its back-off, until it has ended.
import * as z from "zod";
import type { ConcurrencyBudgetPlan } from "../model/call-plan.ts";
import { count } from "../schema/count.ts";
import { factor } from "../schema/ratio.ts";

/** Written `retry.budget` with `type: concurrency`; the output is a ConcurrencyBudgetPlan. */
export const concurrencyBudgetSchema = z
  .strictObject({
    type: z.literal("concurrency").describe("concurrency: retries in proportion to what is under way, as Envoy."),
    ratio: factor().prefault("20%").describe("Active retries allowed per attempt under way or in line."),
    minConcurrency: count().prefault(3).describe("Active retries that are allowed however little is under way."),
  })
  .transform((written): ConcurrencyBudgetPlan => written);

export class ConcurrencyBudget {
  readonly #plan: ConcurrencyBudgetPlan;
  #active = 0;

  constructor(plan: ConcurrencyBudgetPlan) {
    this.#plan = plan;
  }

  /** `underWay`: attempts that are out or in line for it, the one that just failed not among them. True: one retry is active from now on. */
  tryBegin(underWay: number): boolean {
    if (!(this.#active < this.#limit(underWay))) return false;
    this.#active++;
    return true;
  }

  ended(): void {
    this.#active--;
  }

  /** Retries that could begin now. */
  balance(underWay: number): number {
    return Math.max(0, this.#limit(underWay) - this.#active);
  }

  /** As Envoy: the product is cut to a whole number, and never below the minimum. */
  #limit(underWay: number): number {
    return Math.max(Math.trunc(this.#plan.ratio * underWay), this.#plan.minConcurrency);
  }
}

// A retry budget: what keeps retries from multiplying an outage. Four kinds, of which a call policy has one.
import * as z from "zod";
import type { RetryBudgetPlan } from "../model/call-plan.ts";
import { ERROR, OK, TIMEOUT, WRONG } from "../model/outcome.ts";
import { ConcurrencyBudget, concurrencyBudgetSchema } from "./concurrency-budget.ts";
import { QuotaBudget, quotaBudgetSchema } from "./quota-budget.ts";
import { RatioBudget, ratioBudgetSchema } from "./ratio-budget.ts";
import { TokenBudget, tokenBudgetSchema } from "./token-budget.ts";

/** Written `retry.budget`; the output becomes a RetryBudgetPlan at a pace. */
export const retryBudgetSchema = z
  .union([ratioBudgetSchema, tokenBudgetSchema, concurrencyBudgetSchema, quotaBudgetSchema])
  .describe("Caps retries; what it refuses fails with the last attempt's error.");

/** A call that was never retried has paid nothing. */
export const UNPAID = -1;

/** Which kind it is does not show outside: it is told of calls and attempts, and says whether a retry is allowed. */
export class RetryBudget {
  readonly #ratio: RatioBudget | null;
  readonly #tokens: TokenBudget | null;
  readonly #concurrency: ConcurrencyBudget | null;
  readonly #quota: QuotaBudget | null;

  constructor(plan: RetryBudgetPlan) {
    this.#ratio = plan.type === "ratio" ? new RatioBudget(plan) : null;
    this.#tokens = plan.type === "tokens" ? new TokenBudget(plan) : null;
    this.#concurrency = plan.type === "concurrency" ? new ConcurrencyBudget(plan) : null;
    this.#quota = plan.type === "quota" ? new QuotaBudget(plan) : null;
  }

  /** One call begins (not one attempt). */
  deposit(nowMs: number): void {
    this.#ratio?.deposit(nowMs);
  }

  /**
   * True, and paid for, where a retry is allowed now, after an attempt that ended by `cause`. `underWay`: attempts that
   * are out or in line. What it allowed is settled exactly once.
   */
  tryWithdraw(nowMs: number, cause: number = ERROR, underWay = 0): boolean {
    if (this.#ratio !== null) return this.#ratio.tryWithdraw(nowMs);
    if (this.#tokens !== null) return this.#tokens.allows;
    if (this.#concurrency !== null) return this.#concurrency.tryBegin(underWay);
    return this.#quota!.tryPay(cause === TIMEOUT);
  }

  /** What a retry after `cause` costs: to be handed to `settle`. */
  price(cause: number): number {
    return this.#quota?.costOf(cause === TIMEOUT) ?? 0;
  }

  /**
   * An attempt ended by `cause` (`cancelled`: or was given up, perhaps before it left). `paid`: the price of its call's
   * last retry, UNPAID where there was none. `isRetryable`: a failure that the policy tries again.
   */
  settle(cause: number, isRetryable: boolean, paid: number): void {
    const isSuccess = cause === OK || cause === WRONG;
    if (this.#tokens !== null) {
      if (isSuccess) this.#tokens.succeeded();
      else if (isRetryable) this.#tokens.failed();
    } else if (this.#concurrency !== null) {
      if (paid !== UNPAID) this.#concurrency.ended();
    } else if (this.#quota !== null && isSuccess) this.#quota.succeeded(paid === UNPAID ? null : paid);
  }

  /** Retries that could be made now. */
  balance(nowMs: number, underWay = 0): number {
    if (this.#ratio !== null) return this.#ratio.balance(nowMs);
    if (this.#tokens !== null) return this.#tokens.allows ? Math.ceil(this.#tokens.tokens) : 0;
    if (this.#concurrency !== null) return this.#concurrency.balance(underWay);
    return Math.trunc(this.#quota!.available / Math.max(1, this.#quota!.costOf(false)));
  }
}

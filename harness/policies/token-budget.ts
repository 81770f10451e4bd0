// Tokens that failures take and successes slowly give back: at half of them there is no retry.
// Source: gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs" (`retryThrottling`).
import * as z from "zod";
import type { TokenBudgetPlan } from "../model/call-plan.ts";

/** Written `retry.budget` with `type: tokens`; the output is a TokenBudgetPlan. */
export const tokenBudgetSchema = z
  .strictObject({
    type: z.literal("tokens").describe("tokens: failures take one each, successes give back a little, as gRPC."),
    maxTokens: z
      .number()
      .positive()
      .max(1000)
      .default(10)
      .describe("Tokens at the start; there is no retry while half of them, or fewer, are left."),
    tokenRatio: z
      .number()
      .min(0.001)
      .max(1000)
      .default(0.1)
      .describe("Tokens that a success gives back; three decimals count."),
  })
  .transform((written): TokenBudgetPlan => written);

/** gRPC counts in thousandths, so that sums are exact. */
const SCALE = 1000;

export class TokenBudget {
  readonly #max: number;
  readonly #perSuccess: number;
  #tokens: number;

  constructor(plan: TokenBudgetPlan) {
    this.#max = Math.trunc(plan.maxTokens * SCALE);
    this.#perSuccess = Math.trunc(plan.tokenRatio * SCALE + 1e-9);
    this.#tokens = this.#max;
  }

  succeeded(): void {
    this.#tokens = Math.min(this.#max, this.#tokens + this.#perSuccess);
  }

  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - SCALE);
  }

  /** Whether a retry is allowed now; it costs nothing, only its failure would. */
  get allows(): boolean {
    return this.#tokens * 2 > this.#max;
  }

  get tokens(): number {
    return this.#tokens / SCALE;
  }
}

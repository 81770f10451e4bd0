// Whether a failed attempt may be tried again: how often, and after which causes.
import * as z from "zod";
import {
  BULKHEAD_FULL,
  CIRCUIT_OPEN,
  CONNECTION_RESET,
  ERROR,
  NO_HEALTHY_HOST,
  OVERLOAD,
  RATE_LIMIT,
  REFUSED,
  SHED,
  TIMEOUT,
} from "../model/outcome.ts";
import type { RetryOn, RetryPlan } from "../model/call-plan.ts";
import { orNone } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { backoffSchema } from "./backoff.ts";
import { retryBudgetSchema } from "./retry-budget.ts";

/** Written `retry`; the output becomes a RetryPlan at a pace. Without `retry` a call is tried once. */
export const retrySchema = z
  .strictObject({
    maxAttempts: count(1).prefault(3).describe("Tries in all, the first included."),
    retryOn: z
      .array(z.enum(["error", "timeout", "overload", "connection", "circuitOpen", "bulkheadFull"]))
      .default(["error", "timeout", "overload", "connection"])
      .describe(
        "What is tried again: an error answer; an attempt that timed out; a rejection or shedding for overload; " +
          "a connection that was refused or reset, or no healthy host. What the caller's own breaker, bulkhead or limits " +
          "refused is tried again only where `circuitOpen` or `bulkheadFull` is listed, as Resilience4j and Polly do.",
      ),
    backoff: orNone(backoffSchema).prefault({}).describe("The wait between tries; `none` retries at once."),
    budget: orNone(retryBudgetSchema).prefault("none").describe("Caps retries, by one of four kinds of `type`."),
  })
  .describe("Tries a failed call again.");

/** The causes that each word of `retryOn` covers. A false but well-formed answer cannot be told from a true one. */
const COVERS = {
  error: [ERROR],
  timeout: [TIMEOUT],
  overload: [OVERLOAD, RATE_LIMIT, SHED],
  connection: [REFUSED, CONNECTION_RESET, NO_HEALTHY_HOST],
  circuitOpen: [CIRCUIT_OPEN],
  bulkheadFull: [BULKHEAD_FULL],
} satisfies Record<RetryOn, readonly number[]>;

export class Retry {
  /** The first try included; 1 where nothing is retried. */
  readonly maxAttempts: number;
  /** Bit `cause` is set where that cause is retried. */
  readonly #mask: number;

  constructor(plan: RetryPlan | null) {
    this.maxAttempts = plan === null ? 1 : plan.maxAttempts;
    this.#mask = plan === null ? 0 : causesOf(plan.retryOn);
  }

  /** `cause`: an index into CAUSES. */
  isRetryable(cause: number): boolean {
    return ((this.#mask >>> cause) & 1) === 1;
  }
}

/** The causes that the words cover: bit `cause` is set where that cause is one of them. */
export function causesOf(retryOn: readonly RetryOn[]): number {
  let mask = 0;
  for (const word of retryOn) for (const cause of COVERS[word]) mask |= 1 << cause;
  return mask;
}

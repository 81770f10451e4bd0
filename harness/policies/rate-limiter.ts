// So many calls in each period of time; who comes later waits for a later period, if that is soon enough.
// Source: Resilience4j `AtomicRateLimiter`: periods begin at multiples of their length, what was not used is lost, and a
// call may reserve a permit of a period to come.
import * as z from "zod";
import type { RateLimiterPlan } from "../model/call-plan.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import type { IssueParams } from "../schema/written.ts";

/** Written `rateLimiter`; the output is a RateLimiterPlan. */
export const rateLimiterSchema = z
  .strictObject({
    limitForPeriod: count(1).prefault(50).describe("Calls in a period."),
    limitRefreshPeriod: period().prefault("1s").describe("Length of a period. Resilience4j's own default is 500 ns."),
    timeoutDuration: duration("request")
      .prefault("5s")
      .describe("A call that would have to wait longer for its turn is refused at once."),
  })
  .transform((written): RateLimiterPlan => ({
    limitForPeriod: written.limitForPeriod,
    limitRefreshPeriodMs: written.limitRefreshPeriod,
    timeoutMs: written.timeoutDuration,
  }))
  .describe("Lets so many calls out in a period (`rejected(rateLimit)`). Names and semantics of Resilience4j.");

function period() {
  return duration("request").superRefine((ms, context) => {
    const params: IssueParams = { code: "out-of-range", hint: "1s makes the limit one per second" };
    if (ms === 0) context.addIssue({ code: "custom", message: "a period must be longer than 0", params });
  });
}

/** The call is refused. */
export const REFUSED_TURN = -1;

export class RateLimiter {
  readonly #plan: RateLimiterPlan;
  #period = 0;
  /** Of the current period; below 0 where periods to come are reserved. */
  #permits: number;

  constructor(plan: RateLimiterPlan) {
    this.#plan = plan;
    this.#permits = plan.limitForPeriod;
  }

  /** How long the call has to wait for its turn, in ms, which is then taken; or REFUSED_TURN. */
  reserve(nowMs: number): number {
    const { limitForPeriod: limit, limitRefreshPeriodMs: periodMs, timeoutMs } = this.#plan;
    const period = Math.floor(nowMs / periodMs);
    this.#permits = Math.min(limit, this.#permits + (period - this.#period) * limit);
    this.#period = period;
    let waitMs = 0;
    if (this.#permits < 1) {
      const periods = Math.ceil((1 - this.#permits - limit) / limit);
      waitMs = periods * periodMs + ((period + 1) * periodMs - nowMs);
    }
    if (waitMs > timeoutMs) return REFUSED_TURN;
    this.#permits--;
    return waitMs;
  }
}

// A concurrency limit by loss: one more after a success, a tenth less after a drop.
// Source: Netflix concurrency-limits, `AIMDLimit`, whose names, defaults and comparisons are followed exactly.
import * as z from "zod";
import type { AimdLimitPlan } from "../model/admission-plan.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import { checkLimits } from "./limit-bounds.ts";

export const aimdLimitSchema = z
  .strictObject({
    type: z.literal("concurrencyLimit"),
    algorithm: z.literal("aimd").describe("aimd: one more after a success, a tenth less after a drop, as Netflix."),
    initialLimit: count(1).prefault(20).describe("The limit at the start."),
    minLimit: count(1).prefault(20).describe("The limit never falls below; envoyGradient: 3 by default."),
    maxLimit: count(1).prefault(200).describe("The limit never rises above; vegas and envoyGradient: 1000 by default."),
    backoffRatio: ratio().prefault("90%").describe("What is left of the limit after a drop; 50% to below 100%."),
    timeout: duration("request").prefault("5s").describe("A request that takes longer counts as dropped."),
  })
  .superRefine((written, context) => {
    checkLimits(written, context);
    const { backoffRatio } = written;
    if (backoffRatio >= 0.5 && backoffRatio < 1) return;
    const params = { code: "out-of-range", hint: "Netflix's is 90%" };
    context.addIssue({
      code: "custom",
      path: ["backoffRatio"],
      message: "a back-off ratio lies between 50% and below 100%",
      params,
    });
  })
  .transform((written): AimdLimitPlan => {
    const { algorithm, initialLimit, minLimit, maxLimit, backoffRatio, timeout } = written;
    return { algorithm, initialLimit, minLimit, maxLimit, backoffRatio, timeoutMs: timeout };
  });

export class AimdLimit {
  readonly #plan: AimdLimitPlan;
  #limit: number;

  constructor(plan: AimdLimitPlan) {
    this.#plan = plan;
    this.#limit = plan.initialLimit;
  }

  /** Requests that may be in flight. */
  get limit(): number {
    return this.#limit;
  }

  /** A request that took `rttMs`, admitted as the `inFlight`-th, succeeded or was dropped. */
  sample(rttMs: number, inFlight: number, isDropped: boolean): void {
    const { backoffRatio, timeoutMs, minLimit, maxLimit } = this.#plan;
    let limit = this.#limit;
    if (isDropped || rttMs > timeoutMs) limit = Math.trunc(limit * backoffRatio);
    else if (inFlight * 2 >= limit) limit++;
    this.#limit = Math.min(maxLimit, Math.max(minLimit, limit));
  }
}

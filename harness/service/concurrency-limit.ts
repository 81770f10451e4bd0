// How many requests may be in an instance at once. Which algorithm moves the limit does not show outside: it is told
// what became of the requests that it let in.
import * as z from "zod";
import type { LimitPlan } from "../model/admission-plan.ts";
import { count } from "../schema/count.ts";
import { AimdLimit, aimdLimitSchema } from "./aimd-limit.ts";

const fixedLimitSchema = z.strictObject({
  type: z
    .literal("concurrencyLimit")
    .describe("concurrencyLimit: so many requests at once, those in the queue included."),
  algorithm: z.literal("fixed").default("fixed").describe("fixed: always the same."),
  limit: count(1).describe("Requests that may be in the instance."),
});

/** Written `admission`, of type concurrencyLimit; each output is a LimitPlan. */
export const concurrencyLimitSchemas = [
  fixedLimitSchema.transform(({ algorithm, limit }): LimitPlan => ({ algorithm, limit })),
  aimdLimitSchema,
] as const;

export class ConcurrencyLimit {
  readonly #fixed: number;
  readonly #aimd: AimdLimit | null;

  constructor(plan: LimitPlan) {
    this.#fixed = plan.algorithm === "fixed" ? plan.limit : Infinity;
    this.#aimd = plan.algorithm === "aimd" ? new AimdLimit(plan) : null;
  }

  /** Requests that may be in flight. */
  get limit(): number {
    return this.#aimd?.limit ?? this.#fixed;
  }

  /** A request that took `rttMs`, admitted as the `inFlight`-th, succeeded or was dropped. */
  sample(rttMs: number, inFlight: number, isDropped: boolean): void {
    this.#aimd?.sample(rttMs, inFlight, isDropped);
  }
}

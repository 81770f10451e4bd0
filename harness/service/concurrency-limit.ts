// How many requests may be in an instance at once. Which algorithm moves the limit does not show outside: it is told
// what became of the requests that it let in.
import * as z from "zod";
import type { LimitPlan } from "../model/admission-plan.ts";
import { count } from "../schema/count.ts";
import { AimdLimit, aimdLimitSchema } from "./aimd-limit.ts";
import { EnvoyGradient, envoyGradientSchema } from "./envoy-gradient.ts";
import { Gradient2Limit, gradient2LimitSchema } from "./gradient2-limit.ts";
import { VegasLimit, vegasLimitSchema } from "./vegas-limit.ts";

const fixedLimitSchema = z
  .strictObject({
    type: z
      .literal("concurrencyLimit")
      .describe("concurrencyLimit: so many requests at once, those in the queue included."),
    algorithm: z.literal("fixed").default("fixed").describe("fixed: always the same."),
    limit: count(1).describe("Requests that may be in the instance."),
  })
  .transform(({ algorithm, limit }) => ({ algorithm, limit }));

/** Written `admission`, of type concurrencyLimit; the output becomes a LimitPlan at a pace. */
export const concurrencyLimitSchema = z.union([
  fixedLimitSchema,
  aimdLimitSchema,
  vegasLimitSchema,
  gradient2LimitSchema,
  envoyGradientSchema,
]);

export class ConcurrencyLimit {
  readonly #fixed: number;
  readonly #aimd: AimdLimit | null;
  readonly #vegas: VegasLimit | null;
  readonly #gradient2: Gradient2Limit | null;
  readonly #envoy: EnvoyGradient | null;

  /** `key` is the instance's: what is drawn is drawn by it. */
  constructor(plan: LimitPlan, key: number, startMs: number) {
    this.#fixed = plan.algorithm === "fixed" ? plan.limit : Infinity;
    this.#aimd = plan.algorithm === "aimd" ? new AimdLimit(plan) : null;
    this.#vegas = plan.algorithm === "vegas" ? new VegasLimit(plan, key) : null;
    this.#gradient2 = plan.algorithm === "gradient2" ? new Gradient2Limit(plan) : null;
    this.#envoy = plan.algorithm === "envoyGradient" ? new EnvoyGradient(plan, key, startMs) : null;
  }

  /** Requests that may be in flight. */
  get limit(): number {
    return (this.#aimd ?? this.#vegas ?? this.#gradient2 ?? this.#envoy)?.limit ?? this.#fixed;
  }

  /** When the limit may move though nothing ends; Infinity = it does not. */
  nextChange(): number {
    return this.#envoy?.nextChange() ?? Infinity;
  }

  /** Handles the one thing that is due at `dueMs`, which is what `nextChange()` says. */
  change(dueMs: number): void {
    this.#envoy?.change(dueMs);
  }

  /** A request that was let in at `startMs` as the `inFlight`-th succeeded or was dropped. */
  sample(nowMs: number, startMs: number, inFlight: number, isDropped: boolean): void {
    const rttMs = nowMs - startMs;
    if (this.#aimd !== null) this.#aimd.sample(rttMs, inFlight, isDropped);
    else if (this.#vegas !== null) this.#vegas.sample(rttMs, inFlight, isDropped);
    else if (this.#gradient2 !== null) this.#gradient2.sample(rttMs, inFlight);
    // What did not end well is no sample: Envoy's filter cancels it.
    else if (!isDropped) this.#envoy?.sample(nowMs, startMs);
  }
}

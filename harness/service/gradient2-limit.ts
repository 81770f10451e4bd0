// A concurrency limit by latency: it shrinks while requests take longer than they did on a long average.
// Source: Netflix concurrency-limits, `Gradient2Limit`, whose names, defaults and formula are followed exactly; it pays
// no regard to drops.
import * as z from "zod";
import type { Gradient2LimitPlan } from "../model/admission-plan.ts";
import { count } from "../schema/count.ts";
import { ratio } from "../schema/ratio.ts";
import { ExponentialAverage } from "./exponential-average.ts";
import { checkLimits } from "./limit-bounds.ts";

export const gradient2LimitSchema = z
  .strictObject({
    type: z.literal("concurrencyLimit"),
    algorithm: z
      .literal("gradient2")
      .describe("gradient2: by how the latency compares with its long average, as Netflix."),
    initialLimit: count(1).prefault(20).describe("The limit at the start."),
    minLimit: count(1).prefault(20).describe("The limit never falls below."),
    maxLimit: count(1).prefault(200).describe("The limit never rises above."),
    smoothing: ratio()
      .prefault("20%")
      .describe("How much of a new estimate counts; vegas: all, gradient2: 20% by default."),
    queueSize: count().prefault(4).describe("What the limit grows by while latencies are low."),
    rttTolerance: z.number().min(1).default(1.5).describe("How many times the long average a latency may be."),
    longWindow: count(1).prefault(600).describe("Samples that the long average is over."),
  })
  .superRefine(checkLimits)
  .transform((written): Gradient2LimitPlan => {
    const { algorithm, initialLimit, minLimit, maxLimit, smoothing, queueSize, rttTolerance, longWindow } = written;
    return { algorithm, initialLimit, minLimit, maxLimit, smoothing, queueSize, rttTolerance, longWindow };
  });

/** The long average is a plain mean of so many samples first. */
const WARM_UP = 10;

export class Gradient2Limit {
  readonly #plan: Gradient2LimitPlan;
  readonly #long: ExponentialAverage;
  #estimate: number;

  constructor(plan: Gradient2LimitPlan) {
    this.#plan = plan;
    this.#long = new ExponentialAverage(plan.longWindow, WARM_UP);
    this.#estimate = plan.initialLimit;
  }

  /** Requests that may be in flight. */
  get limit(): number {
    return Math.trunc(this.#estimate);
  }

  /** A request that took `rttMs`, admitted as the `inFlight`-th, ended. */
  sample(rttMs: number, inFlight: number): void {
    // Measured in nanoseconds none takes no time; where one does, it says nothing.
    if (rttMs <= 0) return;
    const { minLimit, maxLimit, smoothing, queueSize, rttTolerance } = this.#plan;
    this.#long.add(rttMs);
    const longMs = this.#long.value;
    // Back to normal after a long time of load: the average follows faster than by itself.
    if (longMs / rttMs > 2) this.#long.scale(0.95);
    const estimate = this.#estimate;
    if (inFlight < estimate / 2) return;
    const gradient = Math.max(0.5, Math.min(1, (rttTolerance * longMs) / rttMs));
    const wanted = estimate * gradient + queueSize;
    this.#estimate = Math.max(minLimit, Math.min(maxLimit, estimate * (1 - smoothing) + wanted * smoothing));
  }
}

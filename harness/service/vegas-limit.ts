// A concurrency limit by the queue that it causes: how much longer a request takes than one at rest says how many of
// those in flight only wait. Source: Netflix concurrency-limits, `VegasLimit` (after TCP Vegas), whose names, defaults
// and comparisons are followed exactly.
import * as z from "zod";
import { unit } from "../core/key.ts";
import type { VegasLimitPlan } from "../model/admission-plan.ts";
import { count } from "../schema/count.ts";
import { ratio } from "../schema/ratio.ts";
import { checkLimits } from "./limit-bounds.ts";

export const vegasLimitSchema = z
  .strictObject({
    type: z.literal("concurrencyLimit"),
    algorithm: z
      .literal("vegas")
      .describe("vegas: by how many of those in flight only wait, as Netflix after TCP Vegas."),
    initialLimit: count(1).prefault(20).describe("The limit at the start."),
    maxLimit: count(1).prefault(1000).describe("The limit never rises above."),
    smoothing: ratio()
      .prefault("100%")
      .describe("How much of a new estimate counts; vegas: all, gradient2: 20% by default."),
    probeMultiplier: count(1)
      .prefault(30)
      .describe("After about so many times the limit of samples it measures anew how long a request at rest takes."),
  })
  .superRefine(checkLimits)
  .transform((written): VegasLimitPlan => {
    const { algorithm, initialLimit, maxLimit, smoothing, probeMultiplier } = written;
    return { algorithm, initialLimit, maxLimit, smoothing, probeMultiplier };
  });

export class VegasLimit {
  readonly #plan: VegasLimitPlan;
  readonly #key: number;
  #estimate: number;
  /** The shortest time seen since the last probe; 0 = none yet. */
  #noLoadMs = 0;
  #samples = 0;
  #probes = 0;

  /** `key` is the instance's: when it probes is drawn by it. */
  constructor(plan: VegasLimitPlan, key: number) {
    this.#plan = plan;
    this.#key = key;
    this.#estimate = plan.initialLimit;
  }

  /** Requests that may be in flight. */
  get limit(): number {
    return Math.trunc(this.#estimate);
  }

  /** A request that took `rttMs`, admitted as the `inFlight`-th, succeeded or was dropped. */
  sample(rttMs: number, inFlight: number, isDropped: boolean): void {
    // Measured in nanoseconds none takes no time; where one does, it says nothing.
    if (rttMs <= 0) return;
    this.#samples++;
    const jitter = 0.5 + 0.5 * unit(this.#key, this.#probes, 0);
    if (jitter * this.#plan.probeMultiplier * this.#estimate <= this.#samples) {
      this.#probes++;
      this.#samples = 0;
      this.#noLoadMs = rttMs;
    } else if (this.#noLoadMs === 0 || rttMs < this.#noLoadMs) this.#noLoadMs = rttMs;
    else this.#adjust(rttMs, inFlight, isDropped);
  }

  #adjust(rttMs: number, inFlight: number, isDropped: boolean): void {
    const { maxLimit, smoothing } = this.#plan;
    const estimate = this.#estimate;
    const step = magnitude(Math.trunc(estimate));
    const queue = Math.ceil(estimate * (1 - this.#noLoadMs / rttMs));
    let wanted: number;
    if (isDropped) wanted = estimate - step;
    else if (inFlight * 2 < estimate) return;
    else if (queue <= step) wanted = estimate + 6 * step;
    else if (queue < 3 * step) wanted = estimate + step;
    else if (queue > 6 * step) wanted = estimate - step;
    else return;
    wanted = Math.max(1, Math.min(maxLimit, wanted));
    this.#estimate = (1 - smoothing) * estimate + smoothing * wanted;
  }
}

/** The whole part of the logarithm to base 10, at least 1. */
function magnitude(limit: number): number {
  let power = 1;
  for (let rest = Math.trunc(limit / 100); rest > 0; rest = Math.trunc(rest / 10)) power++;
  return power;
}

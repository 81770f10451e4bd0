// A concurrency limit by latency, in windows: every now and then it lets only a few in, to learn how long a request at
// rest takes, and in between it compares each window with that.
// Source: Envoy `adaptive_concurrency`, `GradientController`, whose order of events is followed exactly; its histogram
// rounds to two digits, ours is exact.
import * as z from "zod";
import { unit } from "../core/key.ts";
import type { EnvoyGradientPlan } from "../model/admission-plan.ts";
import { count } from "../schema/count.ts";
import { duration, type ControlTime } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import { checkLimits } from "./limit-bounds.ts";

type Written = Omit<EnvoyGradientPlan, "minRttIntervalMs"> & { readonly minRttIntervalMs: ControlTime };

export const envoyGradientSchema = z
  .strictObject({
    type: z.literal("concurrencyLimit"),
    algorithm: z
      .literal("envoyGradient")
      .describe("envoyGradient: by how the latency compares with that of a few requests at rest, as Envoy."),
    minLimit: count(1).prefault(3).describe("The limit never falls below."),
    maxLimit: count(1).prefault(1000).describe("The limit never rises above."),
    updateInterval: duration("request").prefault("100ms").describe("The limit moves after each such window."),
    percentile: ratio().prefault("50%").describe("Which latency of a window counts."),
    minRttInterval: duration("control")
      .prefault("60s")
      .describe("How often it measures a request at rest; until then only `minLimit` are let in."),
    minRttRequests: count(1).prefault(50).describe("Requests that such a measurement takes."),
    minRttJitter: ratio()
      .prefault("15%")
      .describe("How much later a measurement may begin, so that not all do at once."),
    buffer: ratio().prefault("25%").describe("How much slower than at rest is still at rest."),
  })
  .superRefine(checkLimits)
  .transform((written): Written => {
    const { algorithm, minLimit, maxLimit, percentile, minRttRequests, minRttJitter, buffer } = written;
    return {
      algorithm,
      minLimit,
      maxLimit,
      updateIntervalMs: written.updateInterval,
      percentile,
      minRttIntervalMs: written.minRttInterval,
      minRttRequests,
      minRttJitter,
      buffer,
    };
  });

/** Five windows at the lowest limit: perhaps what it takes for a request at rest is no longer true. */
const WINDOWS_AT_MINIMUM = 5;

export class EnvoyGradient {
  readonly #plan: EnvoyGradientPlan;
  readonly #key: number;
  #limit: number;
  /** While a request at rest is measured: the limit to go back to; else 0. */
  #deferred: number;
  /** Requests that began before do not count. */
  #epochMs: number;
  #minRttMs = 0;
  readonly #samplesMs: number[] = [];
  #windowEndsMs: number;
  #measuresMs = Infinity;
  #measurements = 0;
  #windowsAtMinimum = 0;

  /** `key` is the instance's: when it measures is drawn by it. */
  constructor(plan: EnvoyGradientPlan, key: number, startMs: number) {
    this.#plan = plan;
    this.#key = key;
    this.#limit = plan.minLimit;
    this.#deferred = plan.minLimit;
    this.#epochMs = startMs;
    this.#windowEndsMs = startMs + plan.updateIntervalMs;
  }

  /** Requests that may be in flight. */
  get limit(): number {
    return this.#limit;
  }

  /** When the limit may move though nothing ends; Infinity = it does not. */
  nextChange(): number {
    return Math.min(this.#windowEndsMs, this.#measuresMs);
  }

  /** Handles the one thing that is due at `dueMs`, which is what `nextChange()` says. */
  change(dueMs: number): void {
    if (this.#windowEndsMs <= dueMs) this.#endWindow(dueMs);
    else this.#measure(dueMs);
  }

  /** A request ended that was let in at `startMs`. */
  sample(nowMs: number, startMs: number): void {
    // Measured in nanoseconds none takes no time; where one does, it says nothing.
    if (startMs < this.#epochMs || nowMs <= startMs) return;
    this.#samplesMs.push(nowMs - startMs);
    if (this.#deferred > 0 && this.#samplesMs.length >= this.#plan.minRttRequests) this.#measured(nowMs);
  }

  #endWindow(nowMs: number): void {
    // A measurement begins a new window when it is over.
    if (this.#deferred > 0) {
      this.#windowEndsMs = Infinity;
      return;
    }
    this.#windowEndsMs = nowMs + this.#plan.updateIntervalMs;
    if (this.#samplesMs.length === 0) return;
    const sampleMs = this.#takePercentile();
    const { buffer, minLimit, maxLimit } = this.#plan;
    const gradient = Math.max(0.5, Math.min(2, (this.#minRttMs * (1 + buffer)) / sampleMs));
    const limit = this.#limit * gradient;
    this.#setLimit(nowMs, Math.max(minLimit, Math.min(maxLimit, Math.trunc(limit + Math.sqrt(limit)))));
  }

  #measure(nowMs: number): void {
    this.#measuresMs = Infinity;
    if (this.#deferred > 0) return;
    this.#deferred = this.#limit;
    this.#setLimit(nowMs, this.#plan.minLimit);
    this.#samplesMs.length = 0;
    this.#epochMs = nowMs;
  }

  #measured(nowMs: number): void {
    const { minRttIntervalMs, minRttJitter, updateIntervalMs } = this.#plan;
    this.#minRttMs = this.#takePercentile();
    this.#setLimit(nowMs, this.#deferred);
    this.#deferred = 0;
    this.#measuresMs = nowMs + minRttIntervalMs * (1 + minRttJitter * unit(this.#key, this.#measurements++, 1));
    this.#windowEndsMs = nowMs + updateIntervalMs;
  }

  #setLimit(nowMs: number, limit: number): void {
    const { minLimit } = this.#plan;
    const stays = this.#deferred === 0 && this.#limit === minLimit && limit === minLimit;
    this.#windowsAtMinimum = stays ? this.#windowsAtMinimum + 1 : 0;
    this.#limit = limit;
    if (this.#windowsAtMinimum >= WINDOWS_AT_MINIMUM) this.#measuresMs = nowMs;
  }

  /** The percentile of the samples, which are forgotten; there is at least one. */
  #takePercentile(): number {
    const sorted = this.#samplesMs.sort((a, b) => a - b);
    const at = Math.max(0, Math.ceil(this.#plan.percentile * sorted.length) - 1);
    const percentileMs = sorted[at]!;
    this.#samplesMs.length = 0;
    return percentileMs;
  }
}

// A gate at work: measures the new version every interval and says whether the rollout may go on.
// Source of the semantics: Argo Rollouts' AnalysisRun (a metric fails when `failed > failureLimit`; a failed
// metric fails the gate at once), except that the first measurement comes one interval after the start, as in
// Flagger: before, there is nothing of the new version to look back on.
import type { AnalysisPlan, GateMetricPlan } from "../model/release-plan.ts";
import { describeLimit, isBroken } from "../signals/limit.ts";
import type { GateResult } from "./rollout-machine.ts";

/**
 * The value of a metric over the last `overMs`, as far as monitoring has seen at `atMs`; null = no data.
 * `of: "stable"` asks for the same metric of the stable version.
 */
export type Measure = (metric: string, overMs: number, atMs: number, of: "itself" | "stable") => number | null;

export interface Measurement {
  readonly metric: string;
  readonly value: number | null;
  readonly limit: string;
  readonly result: "passed" | "failed" | "noData";
}

export class Gate {
  readonly #plan: AnalysisPlan;
  /** Failed measurements so far, by metric. */
  readonly #failed: number[];
  #taken = 0;
  #dueMs: number;

  constructor(plan: AnalysisPlan, nowMs: number) {
    this.#plan = plan;
    this.#failed = plan.metrics.map(() => 0);
    this.#dueMs = nowMs + plan.initialDelayMs + plan.intervalMs;
  }

  /** When the next measurement is due. */
  nextWakeup(): number {
    return this.#dueMs;
  }

  /** Takes the measurement that is due at `dueMs`; `result` is null while more are to come. */
  measure(
    dueMs: number,
    measure: Measure,
  ): { readonly measurements: readonly Measurement[]; readonly result: GateResult | null } {
    const measurements = this.#plan.metrics.map((metric) => measured(metric, dueMs, measure));
    this.#taken++;
    measurements.forEach(({ result }, index) => {
      if (result === "failed") this.#failed[index]!++;
    });
    const result = this.#judge(measurements);
    this.#dueMs = result === null ? dueMs + this.#plan.intervalMs : Infinity;
    return { measurements, result };
  }

  #judge(latest: readonly Measurement[]): GateResult | null {
    if (this.#failed.some((failed) => failed > this.#plan.failureLimit)) return "failed";
    if (latest.some(({ result }) => result === "noData")) {
      if (this.#plan.onNoData === "abort") return "failed";
      if (this.#plan.onNoData === "pause") return "inconclusive";
    }
    return this.#taken >= this.#plan.count ? "passed" : null;
  }
}

function measured(plan: GateMetricPlan, atMs: number, measure: Measure): Measurement {
  const value = measure(plan.metric, plan.overMs, atMs, "itself");
  const stable = plan.limit.relativeToStable ? measure(plan.metric, plan.overMs, atMs, "stable") : null;
  const broken = isBroken(plan.limit, value, stable);
  return {
    metric: plan.metric,
    value,
    limit: describeLimit(plan.limit),
    result: broken === null ? "noData" : broken ? "failed" : "passed",
  };
}

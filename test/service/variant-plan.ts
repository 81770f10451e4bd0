// Versions of a service and their steps, spelled briefly.
import type { Distribution } from "../../harness/core/distribution.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";

export const constant = (ms: number): Distribution => ({ kind: "constant", ms });
export const exponential = (meanMs: number): Distribution => ({ kind: "exponential", meanMs });

/** A version with one operation of these steps, one worker, and nothing that could go wrong. */
export function variantPlan(steps: readonly StepPlan[], changes: Partial<VariantPlan> = {}): VariantPlan {
  return {
    version: "stable",
    pool: { model: "threads", concurrency: 1, queueCapacity: null },
    cpu: { cores: null, scheduling: "shared" },
    onDeadline: "ignore",
    startupMs: constant(0),
    terminationGraceMs: 30_000,
    operations: [{ steps }],
    errors: [],
    calls: [],
    ...changes,
  };
}

export function work(time: number | Distribution, site = 1, probability = 1): StepPlan {
  return { do: "work", time: typeof time === "number" ? constant(time) : time, probability, site };
}

export function wait(time: number | Distribution, site = 2, probability = 1): StepPlan {
  return { do: "wait", time: typeof time === "number" ? constant(time) : time, probability, site };
}

/** A call by the policy of this index. */
export function call(policy = 0, changes: Partial<Extract<StepPlan, { do: "call" }>> = {}): StepPlan {
  return {
    do: "call",
    call: policy,
    operation: 0,
    optional: false,
    probability: 1,
    fallback: null,
    site: 100 + policy,
    ...changes,
  };
}

export function together(...branches: readonly (readonly StepPlan[])[]): StepPlan {
  return { do: "together", branches };
}

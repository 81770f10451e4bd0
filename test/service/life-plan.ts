// What instances may live and die by, spelled briefly.
import type { LifePlan, MemoryPlan, ProbePlan } from "../../harness/model/life-plan.ts";

/** Nothing that kills it, and started again at once. */
export function lifePlan(changes: Partial<LifePlan> = {}): LifePlan {
  return {
    memory: null,
    crash: { afterMs: null, onOperation: null, onStart: false },
    restart: { backoff: null },
    startupWork: null,
    probes: { startup: null, readiness: null, liveness: null },
    failReadiness: false,
    ...changes,
  };
}

/** 100 bytes, of which a process uses 40 and each request 10. */
export function memoryPlan(changes: Partial<MemoryPlan> = {}): MemoryPlan {
  return { limitBytes: 100, baseBytes: 40, perRequestBytes: 10, leakBytesPerMs: 0, ...changes };
}

/** A probe with Kubernetes' defaults, which takes nothing but a worker. */
export function probePlan(changes: Partial<ProbePlan> = {}): ProbePlan {
  return {
    initialDelayMs: 0,
    periodMs: 10_000,
    timeoutMs: 1000,
    failureThreshold: 3,
    successThreshold: 1,
    isApart: false,
    steps: [],
    ...changes,
  };
}

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

const GIB = 1_073_741_824;

/** 2 GiB, of which a process uses 1; the third request finds no room for its garbage. */
export function collectedMemory(pauseMs: number, changes: Partial<MemoryPlan> = {}): MemoryPlan {
  return {
    limitBytes: 2 * GIB,
    baseBytes: GIB,
    perRequestBytes: 0,
    leakBytesPerMs: 0,
    garbageCollection: { garbagePerRequestBytes: 0.4 * GIB, pausePerGibMs: { kind: "constant", ms: pauseMs } },
    ...changes,
  };
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

// What instances may live and die by, spelled briefly.
import type { LifePlan, MemoryPlan } from "../../harness/model/life-plan.ts";

/** Nothing that kills it, and started again at once. */
export function lifePlan(changes: Partial<LifePlan> = {}): LifePlan {
  return {
    memory: null,
    crash: { afterMs: null, onOperation: null, onStart: false },
    restart: { backoff: null },
    ...changes,
  };
}

/** 100 bytes, of which a process uses 40 and each request 10. */
export function memoryPlan(changes: Partial<MemoryPlan> = {}): MemoryPlan {
  return { limitBytes: 100, baseBytes: 40, perRequestBytes: 10, leakBytesPerMs: 0, ...changes };
}

// Caches, spelled briefly.
import type { CachePlan } from "../../harness/model/cache-plan.ts";
import { Cache } from "../../harness/service/cache.ts";

/** An empty cache of operation 0 without limits, a thousand things being asked for alike. */
export function cachePlan(changes: Partial<CachePlan> = {}): CachePlan {
  return {
    operations: [0],
    capacity: null,
    keys: { count: 1000, zipf: 0 },
    ttlMs: null,
    ttlJitter: 0,
    start: 0,
    coldOnStart: true,
    singleFlight: false,
    staleIfError: false,
    negativeTtlMs: 0,
    ...changes,
  };
}

/** Items that are about so many different things. */
export function differentItems(plan: CachePlan, count: number): number[] {
  const cache = new Cache(plan, 1, false, 0);
  const items = new Map<number, number>();
  for (let item = 1; items.size < count; item++) {
    const key = cache.keyOf(0, item);
    if (!items.has(key)) items.set(key, item);
  }
  return [...items.values()];
}

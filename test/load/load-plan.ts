import type { LoadPlan } from "../../harness/model/load-plan.ts";

/** A Poisson load of 100/s that goes on journey 0. */
export function loadPlan(changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    name: "listeners",
    arrivals: "poisson",
    rate: [{ atMs: 0, ratePerSecond: 100 }],
    zone: null,
    users: null,
    mix: [{ journey: 0, share: 1 }],
    calls: [],
    callOfJourney: [-1],
    payload: "none",
    ...changes,
  };
}

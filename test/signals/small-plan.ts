// A plan small enough to read: a load, a front that calls a back and a side, two zones, one released version.
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { PLAN_FORMAT } from "../../harness/model/plan.ts";
import type { ServicePlan, VariantPlan } from "../../harness/model/service-plan.ts";

export const FRONT = 0;
export const BACK = 1;
export const SIDE = 2;
/** Edges, in order. */
export const USERS_FRONT = 0;
export const FRONT_BACK = 1;
export const FRONT_SIDE = 2;

export function smallPlan(changes: Partial<Plan> = {}): Plan {
  return {
    format: PLAN_FORMAT,
    scenario: "small",
    strategy: "canary",
    isControl: false,
    seed: 7,
    scale: 1,
    compress: 1,
    warmUpMs: 10_000,
    endMs: 310_000,
    bucketMs: 1000,
    monitoringDelayMs: 1000,
    discoveryDelayMs: 0,
    zones: ["north", "south"],
    networkMs: [
      [0, 0],
      [0, 0],
    ],
    services: [service("front", ["stable"]), service("back", ["stable", "v2"]), service("side", ["stable"])],
    journeys: [{ name: "buy", service: FRONT, operation: 0, objective: { good: 0.99, withinMs: 500 } }],
    loads: [
      {
        name: "users",
        arrivals: "poisson",
        rate: [{ atMs: 0, ratePerSecond: 100 }],
        zone: null,
        users: 1000,
        mix: [{ journey: 0, share: 1 }],
        calls: [call(USERS_FRONT, FRONT)],
        callOfJourney: [0],
        payload: "none",
      },
    ],
    edges: [
      { caller: { type: "load", index: 0 }, callee: FRONT },
      { caller: { type: "service", index: FRONT }, callee: BACK },
      { caller: { type: "service", index: FRONT }, callee: SIDE },
    ],
    teams: [],
    versions: [{ name: "v2", service: BACK, variant: 1, isHarmless: false }],
    timeline: [{ do: "release", atMs: 70_000, version: 0, background: false }],
    rollout: { kind: "recreate" },
    analyses: [],
    alerts: [],
    responses: [],
    ...changes,
  };
}

export function service(name: string, versions: readonly string[]): ServicePlan {
  return { name, team: null, replicasPerZone: [1, 1], operations: ["serve"], variants: versions.map(variant) };
}

function variant(version: string): VariantPlan {
  return {
    version,
    pool: { model: "threads", concurrency: 8, queueCapacity: null },
    cpu: { cores: 8, scheduling: "shared" },
    onDeadline: "ignore",
    startupMs: { kind: "constant", ms: 0 },
    terminationGraceMs: 30_000,
    operations: [{ steps: [] }],
    errors: [],
    calls: [],
  };
}

export function call(edge: number, callee: number): CallPlan {
  return {
    edge,
    callee,
    operations: [0],
    timeoutMs: null,
    attemptTimeoutMs: 1000,
    retry: null,
    circuitBreaker: null,
    loadBalancer: { policy: "roundRobin", choiceCount: 2 },
  };
}

// A hand-made plan of three services: web calls cart always and payments half of the time.
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";

export function work(ms: number, probability = 1): StepPlan {
  return { do: "work", time: { kind: "constant", ms }, probability, site: 1 };
}

export function call(
  index: number,
  probability = 1,
  optional = false,
  fallback: readonly StepPlan[] | null = null,
): StepPlan {
  return { do: "call", call: index, operation: 0, optional, probability, fallback, site: 2 };
}

export function policy(edge: number, callee: number): CallPlan {
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

export function variant(
  steps: readonly StepPlan[],
  calls: readonly CallPlan[],
  overrides: Partial<VariantPlan> = {},
): VariantPlan {
  return {
    version: "stable",
    pool: { model: "threads", concurrency: 4, queueCapacity: null },
    cpu: { cores: 2, scheduling: "shared" },
    onDeadline: "ignore",
    startupMs: { kind: "constant", ms: 0 },
    terminationGraceMs: 30_000,
    operations: [{ steps }],
    errors: [],
    calls,
    ...overrides,
  };
}

/** 100 requests a second reach web; edges: 0 users -> web, 1 web -> cart, 2 web -> payments. */
export function shopPlan(overrides: Partial<Plan> = {}): Plan {
  return {
    format: "firebreak.plan/1",
    scenario: "shop",
    strategy: null,
    isControl: false,
    seed: 1,
    scale: 1,
    compress: 1,
    warmUpMs: 0,
    endMs: 60_000,
    bucketMs: 1000,
    monitoringDelayMs: 1000,
    discoveryDelayMs: 0,
    zones: ["here"],
    networkMs: [[1]],
    services: [
      {
        name: "web",
        team: null,
        replicasPerZone: [3],
        operations: ["buy"],
        variants: [
          variant([work(2), { do: "together", branches: [[call(0)], [call(1, 0.5)]] }], [policy(1, 1), policy(2, 2)]),
        ],
      },
      {
        name: "cart",
        team: null,
        replicasPerZone: [2],
        operations: ["read"],
        variants: [variant([work(4)], [])],
      },
      {
        name: "payments",
        team: null,
        replicasPerZone: [1],
        operations: ["charge"],
        variants: [variant([work(20)], [])],
      },
    ],
    journeys: [{ name: "buy", service: 0, operation: 0, objective: { good: 0.99, withinMs: null } }],
    loads: [
      {
        name: "users",
        arrivals: "poisson",
        rate: [
          { atMs: 0, ratePerSecond: 50 },
          { atMs: 30_000, ratePerSecond: 100 },
        ],
        zone: null,
        users: null,
        mix: [{ journey: 0, share: 1 }],
        calls: [policy(0, 0)],
        callOfJourney: [0],
        payload: "none",
      },
    ],
    edges: [
      { caller: { type: "load", index: 0 }, callee: 0 },
      { caller: { type: "service", index: 0 }, callee: 1 },
      { caller: { type: "service", index: 0 }, callee: 2 },
    ],
    teams: [],
    versions: [],
    timeline: [],
    rollout: null,
    analyses: [],
    alerts: [],
    responses: [],
    ...overrides,
  };
}

// Small plans for runs on real processes, complete as the compiler would make them.
import type { Distribution } from "../../harness/core/distribution.ts";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import { PLAN_FORMAT } from "../../harness/model/plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { TimelineEventPlan } from "../../harness/model/release-plan.ts";
import type { ServicePlan, StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";

export function constant(ms: number): Distribution {
  return { kind: "constant", ms };
}

export function call(edge: number, callee: number, changes: Partial<CallPlan> = {}): CallPlan {
  return {
    edge,
    callee,
    operations: [0],
    timeoutMs: null,
    attemptTimeoutMs: 1_000,
    retry: null,
    circuitBreaker: null,
    loadBalancer: { policy: "roundRobin", choiceCount: 2 },
    ...changes,
  };
}

export function variant(steps: readonly StepPlan[], changes: Partial<VariantPlan> = {}): VariantPlan {
  return {
    version: "stable",
    pool: { model: "threads", concurrency: 16, queueCapacity: 100 },
    cpu: { cores: null, scheduling: "shared" },
    onDeadline: "ignore",
    startupMs: constant(0),
    terminationGraceMs: 1_000,
    operations: [{ steps }],
    errors: [],
    calls: [],
    ...changes,
  };
}

export function service(name: string, replicas: number, stable: VariantPlan): ServicePlan {
  return { name, team: null, replicasPerZone: [replicas], operations: ["handle"], variants: [stable] };
}

export const work = (time: Distribution, site = 1): StepPlan => ({ do: "work", time, probability: 1, site });
export const toCall = (index: number, site = 2): StepPlan => ({
  do: "call",
  call: index,
  operation: 0,
  optional: false,
  probability: 1,
  fallback: null,
  site,
});

/** Users call `front` (one instance), which calls `back` (two instances): 100 requests a second unless told otherwise. */
export function twoTiers(changes: Partial<Plan> = {}, ratePerSecond = 100): Plan {
  const front = variant([work(constant(1)), toCall(0)], { calls: [call(1, 1)] });
  const back = variant([work(constant(2))]);
  return planOf(
    [service("front", 1, front), service("back", 2, back)],
    [
      { caller: { type: "load", index: 0 }, callee: 0 },
      { caller: { type: "service", index: 0 }, callee: 1 },
    ],
    ratePerSecond,
    changes,
  );
}

/** Users call one instance of one service. */
export function oneTier(stable: VariantPlan, ratePerSecond: number, changes: Partial<Plan> = {}): Plan {
  return planOf(
    [service("only", 1, stable)],
    [{ caller: { type: "load", index: 0 }, callee: 0 }],
    ratePerSecond,
    changes,
  );
}

export function fault(
  atMs: number,
  forMs: number | null,
  kind: string,
  attributes: Record<string, unknown>,
  service: number,
): TimelineEventPlan {
  const scope = { variant: null, zone: null, share: 1, instances: { count: 1 } };
  const on = { type: "service", service, operation: null } as const;
  return { do: "fault", atMs, forMs, background: false, fault: { kind, attributes, scope: { ...scope, on } } };
}

function planOf(
  services: readonly ServicePlan[],
  edges: Plan["edges"],
  ratePerSecond: number,
  changes: Partial<Plan>,
): Plan {
  return {
    format: PLAN_FORMAT,
    scenario: "small",
    strategy: null,
    isControl: false,
    seed: 7,
    scale: 1,
    compress: 1,
    warmUpMs: 0,
    endMs: 2_000,
    bucketMs: 1_000,
    monitoringDelayMs: 1_000,
    discoveryDelayMs: 0,
    zones: ["here"],
    networkMs: [[0]],
    services,
    journeys: [{ name: "visit", service: 0, operation: 0, objective: { good: null, withinMs: null } }],
    loads: [
      {
        name: "users",
        arrivals: "constant",
        rate: [{ atMs: 0, ratePerSecond }],
        zone: null,
        users: null,
        mix: [{ journey: 0, share: 1 }],
        calls: [call(0, 0)],
        callOfJourney: [0],
        payload: "none",
      },
    ],
    edges,
    teams: [],
    versions: [],
    timeline: [],
    rollout: null,
    analyses: [],
    alerts: [],
    responses: [],
    ...changes,
  };
}

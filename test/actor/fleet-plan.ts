// Plans of small fleets: services with their versions, who calls whom, and at most one load on the first service.
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { LoadPlan } from "../../harness/model/load-plan.ts";
import { type EdgePlan, type Plan, PLAN_FORMAT } from "../../harness/model/plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";

/** A service, or all its versions, with one instance in the first zone unless told. */
export interface Member {
  readonly variants: readonly VariantPlan[];
  readonly replicasPerZone?: readonly number[];
}

/** How to call the service of this index, without any defence unless told. */
export function calling(callee: number, changes: Partial<CallPlan> = {}): CallPlan {
  return {
    edge: -1,
    callee,
    operations: [0],
    timeoutMs: null,
    attemptTimeoutMs: null,
    retry: null,
    circuitBreaker: null,
    loadBalancer: { policy: "roundRobin", choiceCount: 2 },
    ...changes,
  };
}

/** Edges are numbered in the order in which they are found: the load's, then by service. */
export function fleetPlan(
  members: readonly (VariantPlan | Member)[],
  changes: Partial<Plan> & { readonly load?: Partial<LoadPlan> } = {},
): Plan {
  const { load, ...rest } = changes;
  const edges: EdgePlan[] = [];
  const onEdges = (type: "load" | "service", index: number, calls: readonly CallPlan[]): CallPlan[] =>
    calls.map((call) => {
      const known = edges.findIndex(
        ({ caller, callee }) => caller.type === type && caller.index === index && callee === call.callee,
      );
      const edge = known >= 0 ? known : edges.push({ caller: { type, index }, callee: call.callee }) - 1;
      return { ...call, edge };
    });
  const loads = load === undefined ? [] : [{ ...LOAD, ...load, calls: onEdges("load", 0, load.calls ?? [calling(0)]) }];
  const services = members.map((member, index) => {
    const { variants, replicasPerZone = [1] } = "variants" in member ? member : { variants: [member] };
    return {
      name: String.fromCharCode(97 + index),
      team: null,
      replicasPerZone,
      operations: variants[0]!.operations.map((_, operation) => `o${operation}`),
      variants: variants.map((variant) => ({ ...variant, calls: onEdges("service", index, variant.calls) })),
    };
  });
  return {
    format: PLAN_FORMAT,
    scenario: "small",
    strategy: null,
    isControl: false,
    seed: 7,
    scale: 1,
    compress: 1,
    warmUpMs: 0,
    endMs: 10_000,
    bucketMs: 1000,
    monitoringDelayMs: 0,
    discoveryDelayMs: 0,
    zones: ["north"],
    networkMs: [[0]],
    services,
    journeys: [{ name: "visit", service: 0, operation: 0, objective: { good: null, withinMs: null } }],
    loads,
    edges,
    teams: [],
    versions: [],
    timeline: [],
    rollout: null,
    analyses: [],
    alerts: [],
    responses: [],
    ...rest,
  };
}

const LOAD: LoadPlan = {
  name: "visitors",
  arrivals: "poisson",
  rate: [{ atMs: 0, ratePerSecond: 100 }],
  zone: null,
  users: null,
  mix: [{ journey: 0, share: 1 }],
  calls: [],
  callOfJourney: [0],
  payload: "none",
};

// How often each operation of each service is asked for, without running anything: arrivals of the loads,
// multiplied down the call graph by the probabilities of its steps. Retries and failures are left out.
import type { Plan } from "../model/plan.ts";
import { DEPTH_LIMIT } from "../model/outcome.ts";
import type { OperationPlan, StepPlan, VariantPlan } from "../model/service-plan.ts";

/** Requests per second, by service and operation, and by edge of the plan. */
export interface Demand {
  readonly operations: readonly (readonly number[])[];
  readonly edges: readonly number[];
  /** Arrivals of users. */
  readonly users: number;
}

/** A call that one request of an operation makes, and how often on average. */
export interface ExpectedCall {
  readonly edge: number;
  readonly callee: number;
  readonly operation: number;
  readonly times: number;
}

/** Flows below this many requests per second are not followed any further. */
const NEGLIGIBLE_PER_SECOND = 1e-9;

/**
 * Demand at the loads' highest arrival rates. `variants` says which version each service runs, by service index;
 * an operation that a version lacks ends there.
 */
export function demandOf(plan: Plan, variants: readonly VariantPlan[]): Demand {
  const operations = plan.services.map((service) => service.operations.map(() => 0));
  const edges = plan.edges.map(() => 0);
  let frontier = new Map<string, { service: number; operation: number; rate: number }>();
  let users = 0;
  for (const load of plan.loads) {
    const peak = peakRate(load.rate);
    users += peak;
    for (const { journey, share } of load.mix) {
      const { service, operation } = plan.journeys[journey]!;
      const call = load.calls[load.callOfJourney[journey] ?? -1];
      if (call !== undefined) edges[call.edge]! += peak * share;
      add(frontier, service, operation, peak * share);
    }
  }
  for (let depth = 0; depth < DEPTH_LIMIT && frontier.size > 0; depth++) {
    const next: typeof frontier = new Map();
    for (const { service, operation, rate } of frontier.values()) {
      operations[service]![operation]! += rate;
      for (const call of expectedCalls(variants[service]!, operation)) {
        const flow = rate * call.times;
        if (flow < NEGLIGIBLE_PER_SECOND) continue;
        edges[call.edge]! += flow;
        add(next, call.callee, call.operation, flow);
      }
    }
    frontier = next;
  }
  return { operations, edges, users };
}

/** The calls that one request of this operation makes on average; those of fallbacks are left out. */
export function expectedCalls(variant: VariantPlan, operation: number): ExpectedCall[] {
  const program: OperationPlan | null = variant.operations[operation] ?? null;
  return program === null ? [] : program.steps.flatMap((step) => callsOf(variant, step));
}

/** The highest rate of piecewise linear corners, per second. */
export function peakRate(corners: readonly { readonly ratePerSecond: number }[]): number {
  return corners.reduce((highest, corner) => Math.max(highest, corner.ratePerSecond), 0);
}

function callsOf(variant: VariantPlan, step: StepPlan): ExpectedCall[] {
  if (step.do === "together") return step.branches.flat().flatMap((inner) => callsOf(variant, inner));
  if (step.do !== "call") return [];
  const { edge, callee } = variant.calls[step.call]!;
  return [{ edge, callee, operation: step.operation, times: step.probability }];
}

function add(
  flows: Map<string, { service: number; operation: number; rate: number }>,
  service: number,
  operation: number,
  rate: number,
): void {
  const key = `${service}/${operation}`;
  const flow = flows.get(key);
  if (flow === undefined) flows.set(key, { service, operation, rate });
  else flow.rate += rate;
}

// Whether a plan is no larger than the tables of the flat simulator's memory. How many requests there are at a time
// shows only when it runs.
import type { Plan } from "../../model/plan.ts";
import type { StepPlan } from "../../model/service-plan.ts";
import { layoutOf } from "../../signals/layout.ts";
import { MOST_LANES, MOST_NODES, MOST_POLICIES, MOST_ROWS, MOST_UNITS } from "./memory.ts";

export function fitsMemory(plan: Plan): boolean {
  const { serviceRows, edgeCount, journeyRows } = layoutOf(plan);
  const variants = plan.services.flatMap((service) => service.variants);
  const { units, policies } = callersOf(plan);
  const zones = plan.zones.length + 1;
  return (
    serviceRows.length + edgeCount + journeyRows.length <= MOST_ROWS &&
    zones * zones <= MOST_LANES &&
    timerDelaysOf(plan) <= MOST_LANES &&
    units <= MOST_UNITS &&
    policies <= MOST_POLICIES &&
    sum(variants.map(({ operations }) => operations.length)) <= MOST_NODES &&
    sum(variants.flatMap(({ operations }) => operations.map((each) => nodesOf(each?.steps ?? [])))) <= MOST_NODES
  );
}

/** The units that a run can need, and their call policies: a release replaces every instance once, and its rollback does again. */
function callersOf({ loads, services, versions, timeline }: Plan): {
  readonly units: number;
  readonly policies: number;
} {
  let units = loads.length;
  let policies = sum(loads.map(({ calls }) => calls.length));
  services.forEach(({ replicasPerZone, variants }, index) => {
    const releases = timeline.filter((event) => event.do === "release" && versions[event.version]!.service === index);
    const instances = sum(replicasPerZone) * (1 + 2 * releases.length);
    units += instances;
    policies += instances * Math.max(...variants.map(({ calls }) => calls.length));
  });
  return { units, policies };
}

/** How many different attempt timeouts there are. */
function timerDelaysOf({ loads, services }: Plan): number {
  const callers = [...loads, ...services.flatMap(({ variants }) => variants)];
  return new Set(callers.flatMap(({ calls }) => calls.map(({ attemptTimeoutMs }) => attemptTimeoutMs))).size;
}

function nodesOf(steps: readonly StepPlan[]): number {
  return sum(
    steps.map((step) => {
      if (step.do === "together") return 1 + sum(step.branches.map(nodesOf));
      return 1 + (step.do === "call" && step.fallback !== null ? nodesOf(step.fallback) : 0);
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

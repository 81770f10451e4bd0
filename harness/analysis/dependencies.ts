// Who calls whom, over all versions: which calls must succeed, the longest chain, and circles.
import type { Plan } from "../model/plan.ts";
import type { StepPlan } from "../model/service-plan.ts";

export interface Dependency {
  /** Service indices. */
  readonly caller: number;
  readonly callee: number;
  /** Its failure fails the caller's answer, in at least one operation of at least one version. */
  readonly isRequired: boolean;
}

export interface Dependencies {
  /** One per pair, by caller and then callee. */
  readonly calls: readonly Dependency[];
  /** The longest chain of distinct services, as their indices from the outermost caller; within a circle it stops at the first repetition. */
  readonly longestChain: readonly number[];
  /** Groups of services that call each other in a circle, each ascending; a service that calls itself is a group of one. */
  readonly circles: readonly (readonly number[])[];
}

export function dependenciesOf(plan: Plan): Dependencies {
  const isRequired = new Map<number, boolean>();
  const count = plan.services.length;
  plan.services.forEach((service, caller) => {
    for (const variant of service.variants) {
      const visit = (steps: readonly StepPlan[], isOptionalPath: boolean): void => {
        for (const step of steps) {
          if (step.do === "together") step.branches.forEach((branch) => visit(branch, isOptionalPath));
          if (step.do !== "call") continue;
          const pair = caller * count + variant.calls[step.call]!.callee;
          const isCovered = isOptionalPath || step.optional || step.fallback !== null;
          isRequired.set(pair, (isRequired.get(pair) ?? false) || !isCovered);
          if (step.fallback !== null) visit(step.fallback, isOptionalPath || step.optional);
        }
      };
      variant.operations.forEach((operation) => visit(operation?.steps ?? [], false));
    }
  });
  const calls = [...isRequired]
    .sort(([a], [b]) => a - b)
    .map(([pair, required]) => ({
      caller: Math.floor(pair / count),
      callee: pair % count,
      isRequired: required,
    }));
  const callees = plan.services.map((_, caller) =>
    calls.filter((call) => call.caller === caller).map((call) => call.callee),
  );
  const circles = circlesOf(callees);
  return { calls, longestChain: longestChainOf(callees, circles), circles };
}

/** Strongly connected groups. Source: Tarjan, "Depth-first search and linear graph algorithms", 1972. */
function circlesOf(callees: readonly (readonly number[])[]): number[][] {
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const groups: number[][] = [];
  const visit = (service: number): void => {
    order.set(service, order.size);
    lowest.set(service, order.get(service)!);
    stack.push(service);
    for (const callee of callees[service]!) {
      if (!order.has(callee)) visit(callee);
      if (stack.includes(callee)) lowest.set(service, Math.min(lowest.get(service)!, lowest.get(callee)!));
    }
    if (lowest.get(service) !== order.get(service)) return;
    const group = stack.splice(stack.indexOf(service)).sort((a, b) => a - b);
    if (group.length > 1 || callees[service]!.includes(service)) groups.push(group);
  };
  callees.forEach((_, service) => order.has(service) || visit(service));
  return groups.sort((a, b) => a[0]! - b[0]!);
}

/**
 * Each circle is taken as one station of the chain (its lowest service stands for it): finding the longest
 * path through a circle is exponential, and nobody needs it.
 */
function longestChainOf(callees: readonly (readonly number[])[], circles: readonly (readonly number[])[]): number[] {
  const station = callees.map((_, service) => circles.find((circle) => circle.includes(service))?.[0] ?? service);
  const known = new Map<number, number[]>();
  const from = (start: number): number[] => {
    const before = known.get(start);
    if (before !== undefined) return before;
    let longest: number[] = [];
    callees.forEach((targets, caller) => {
      if (station[caller] !== start) return;
      for (const target of targets) {
        if (station[target] === start) continue;
        const chain = from(station[target]!);
        if (chain.length > longest.length) longest = chain;
      }
    });
    const chain = [start, ...longest];
    known.set(start, chain);
    return chain;
  };
  return callees.map((_, service) => from(station[service]!)).reduce((a, b) => (b.length > a.length ? b : a), []);
}

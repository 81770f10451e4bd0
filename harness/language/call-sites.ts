// The calls that operations make, read off a plan: what checks of the call graph walk over.
import type { Plan } from "../model/plan.ts";
import type { StepPlan, VariantPlan } from "../model/service-plan.ts";
import { Sampler } from "../core/sampler.ts";

export interface CallSite {
  /** Index into the variant's `calls`. */
  readonly call: number;
  /** Service and operation index of the callee. */
  readonly service: number;
  readonly operation: number;
  /** It is made every time, and its failure fails the operation. */
  readonly isCertain: boolean;
}

/** Every call of an operation, those of fallbacks included. */
export function callSites(variant: VariantPlan, operation: number): CallSite[] {
  return sitesOf(variant.operations[operation]?.steps ?? [], variant, true);
}

/** Mean of the operation's own work and waits along its longest branch, without its callees. */
export function ownTimeMs(plan: Plan, service: number, operation: number): number {
  return timeOf(plan.services[service]!.variants[0]!.operations[operation]?.steps ?? []);
}

function sitesOf(steps: readonly StepPlan[], variant: VariantPlan, isTaken: boolean): CallSite[] {
  return steps.flatMap((step): CallSite[] => {
    switch (step.do) {
      case "work":
      case "wait":
        return [];
      case "together":
        return step.branches.flatMap((branch) => sitesOf(branch, variant, isTaken));
      case "call": {
        const isCertain = isTaken && !step.optional && step.probability === 1 && step.fallback === null;
        const site = {
          call: step.call,
          service: variant.calls[step.call]!.callee,
          operation: step.operation,
          isCertain,
        };
        return [site, ...sitesOf(step.fallback ?? [], variant, false)];
      }
    }
  });
}

function timeOf(steps: readonly StepPlan[]): number {
  return steps.reduce((total, step) => {
    switch (step.do) {
      case "work":
      case "wait":
        return total + step.probability * new Sampler(step.time).meanMs;
      case "together":
        return total + Math.max(...step.branches.map(timeOf));
      case "call":
        return total;
    }
  }, 0);
}

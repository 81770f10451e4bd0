// Which plans the flat simulator can run. The rest (faults, processor sharing, breakers that change by themselves) runs
// on the actors, with the same meaning; what is added to the machines is not flat until it is taught here.
import type { CallPlan, LoadBalancerPlan } from "../../model/call-plan.ts";
import type { LoadPlan } from "../../model/load-plan.ts";
import type { Plan } from "../../model/plan.ts";
import type { StepPlan, VariantPlan } from "../../model/service-plan.ts";
import { fitsMemory } from "./fits-memory.ts";

export function isFlat(plan: Plan): boolean {
  return (
    plan.timeline.every((event) => event.do === "release") &&
    plan.remedies === undefined &&
    plan.versions.every(({ isPush }) => isPush === undefined) &&
    plan.loads.every(isFlatLoad) &&
    plan.services.every(({ autoscaling }) => autoscaling === undefined) &&
    plan.services.every(({ variants }) =>
      variants.every(
        (variant) =>
          variant.life === undefined &&
          variant.calls.every(isFlatCall) &&
          hasCoreForEachTask(variant) &&
          hasPlainQueue(variant) &&
          variant.warmUp === undefined &&
          variant.cache === undefined &&
          variant.logging === undefined,
      ),
    ) &&
    fitsMemory(plan)
  );
}

/** Its arrivals wait for nobody, and are as patient as their calls. */
function isFlatLoad({ population, patience, calls }: LoadPlan): boolean {
  return population === undefined && patience === undefined && calls.every(isFlatCall);
}

/** It is held back by nothing of its caller's own, has one attempt at a time, and ends as that did. */
function isUnhindered({ throttle, rateLimiter, bulkhead, limits, hedge, mapErrors }: CallPlan): boolean {
  if (hedge !== undefined || mapErrors !== undefined) return false;
  return throttle === undefined && rateLimiter === undefined && bulkhead === undefined && limits === undefined;
}

/** Its breaker, if any, only changes when it is asked, and its budget is one of proportion to calls. */
function isFlatCall(call: CallPlan): boolean {
  const { circuitBreaker, retry, sticky, loadBalancer, outlierDetection, failureAccrual, connectionPool } = call;
  if (!isUnhindered(call)) return false;
  if (
    connectionPool !== undefined ||
    outlierDetection !== undefined ||
    failureAccrual !== undefined ||
    sticky !== undefined ||
    !isFlatBalancer(loadBalancer)
  )
    return false;
  if (retry?.budget && retry.budget.type !== "ratio") return false;
  if (circuitBreaker === null) return true;
  const { automaticTransitionFromOpenToHalfOpen, maxWaitDurationInHalfOpenStateMs } = circuitBreaker;
  return !automaticTransitionFromOpenToHalfOpen && maxWaitDurationInHalfOpenStateMs === 0;
}

function isFlatBalancer({ policy, zone, slowStart }: LoadBalancerPlan): boolean {
  return (policy === "roundRobin" || policy === "leastRequest") && zone === undefined && slowStart === undefined;
}

/** Whoever finds room is let in, first in, first out, and turning away costs nothing. */
function hasPlainQueue({ pool, admission, maxConnections }: VariantPlan): boolean {
  return (
    pool.queue === undefined &&
    pool.rejectionMs === undefined &&
    admission === undefined &&
    maxConnections === undefined
  );
}

/** Nothing that works ever shares a core or waits for one. */
function hasCoreForEachTask({ pool, cpu, operations }: VariantPlan): boolean {
  const workers = pool.concurrency ?? Infinity;
  const cores = cpu.cores ?? workers;
  if (cores === Infinity) return true;
  return cores >= workers && operations.every((operation) => operation === null || !worksTogether(operation.steps));
}

/** Whether a request can work in two branches at the same time. */
function worksTogether(steps: readonly StepPlan[]): boolean {
  return steps.some(
    (step) =>
      (step.do === "together" && step.branches.some((branch) => works(branch))) ||
      (step.do === "call" && step.fallback !== null && worksTogether(step.fallback)),
  );
}

function works(steps: readonly StepPlan[]): boolean {
  return steps.some(
    (step) =>
      step.do === "work" ||
      (step.do === "call" && step.fallback !== null && works(step.fallback)) ||
      (step.do === "together" && step.branches.some(works)),
  );
}

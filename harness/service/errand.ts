// What whoever keeps an instance has it do beside its requests: work at its start-up, and answering probes. An errand
// runs like an operation, with the index after those that requests can ask for, and is in nobody's statistics.
import type { LifePlan } from "../model/life-plan.ts";
import type { OperationPlan, VariantPlan } from "../model/service-plan.ts";

export const STARTUP_WORK = 0;
export const STARTUP_PROBE = 1;
export const READINESS_PROBE = 2;
export const LIVENESS_PROBE = 3;
export const ERRAND_COUNT = 4;

/** By errand; null where this version has none. */
export function errandsOf({ life }: VariantPlan): readonly (OperationPlan | null)[] {
  if (life === undefined) return [];
  const { startup, readiness, liveness } = life.probes;
  return [life.startupWork, startup, readiness, liveness];
}

/** Whether it waits for no worker: start-up work comes before the workers, and a probe may have a thread of its own. */
export function isApart({ probes }: LifePlan, errand: number): boolean {
  if (errand === STARTUP_WORK) return true;
  const probe = [probes.startup, probes.readiness, probes.liveness][errand - STARTUP_PROBE];
  return probe?.isApart ?? false;
}

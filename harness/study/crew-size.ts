// How many processes a study is worth: starting one takes longer than a short run, so each must have enough to do.
import { capacityOf } from "../analysis/capacity.ts";
import type { Plan } from "../model/plan.ts";

/** A process is started for so many requests between services, about half a second's work of the simulator. */
const LEAST_HOPS_PER_PROCESS = 1_000_000;

/** From 1, which needs no other process at all, to `cores`; never more than there are runs. Each plan runs at `seeds` seeds. */
export function crewSize(plans: readonly Plan[], seeds: number, cores: number): number {
  const hops = plans.reduce((sum, plan) => sum + (capacityOf(plan).hopsPerSecond * plan.endMs) / 1000, 0);
  const worth = Math.floor((hops * seeds) / LEAST_HOPS_PER_PROCESS);
  return Math.max(1, Math.min(cores, plans.length * seeds, worth));
}

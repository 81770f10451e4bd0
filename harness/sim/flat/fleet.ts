// What the parts of the flat simulator share beside its memory: the machines of each call policy, the run's plan and
// tally, who is where. Set anew by each run.
import type { Plan } from "../../model/plan.ts";
import type { Backoff } from "../../policies/backoff.ts";
import type { CircuitBreaker } from "../../policies/circuit-breaker.ts";
import type { LoadBalancer } from "../../policies/load-balancer.ts";
import type { Retry } from "../../policies/retry.ts";
import type { RetryBudget } from "../../policies/retry-budget.ts";
import type { Tally } from "../../signals/tally.ts";
import * as UNIT from "./fields/unit.ts";
import { NONE } from "./fields/widths.ts";
import { mailLane } from "./mail.ts";
import { clear, COUNT, GENERATION_OF, UNIT_OF, UNITS, ZONE_LANES, ZONES } from "./memory.ts";
import { Timers } from "./timers.ts";

/** The machines of one call policy; null where the policy does without. */
export interface PolicyMachines {
  readonly balancer: LoadBalancer;
  readonly retry: Retry;
  readonly backoff: Backoff | null;
  readonly budget: RetryBudget | null;
  readonly breaker: CircuitBreaker | null;
}

/** By policy handle ÷ POLICY_WIDTH. */
export const MACHINES: PolicyMachines[] = [];

export interface Holder {
  /** A stopping instance holds nothing any more. */
  drained(unit: number): void;
}

/** The present run, and whose it is. */
export const RUN = {
  plan: null as unknown as Plan,
  tally: null as unknown as Tally,
  timers: new Timers(),
  holder: null as Holder | null,
};

/** From now on the memory is the holder's, and nothing is left in it of whose it was. */
export function beginRun(plan: Plan, tally: Tally, holder: Holder): void {
  clear();
  RUN.holder = holder;
  MACHINES.length = 0;
  RUN.plan = plan;
  RUN.tally = tally;
  RUN.timers = new Timers();
  const zones = [NONE, ...plan.zones.keys()];
  COUNT[ZONES] = zones.length;
  for (const from of zones)
    for (const to of zones)
      ZONE_LANES[(from + 1) * zones.length + to + 1] = mailLane(from < 0 || to < 0 ? 0 : plan.networkMs[from]![to]!);
}

/** The lane of messages from one zone to another; zone −1 is outside, no delay. */
export function laneBetween(fromZone: number, toZone: number): number {
  return ZONE_LANES[(fromZone + 1) * COUNT[ZONES]! + toZone + 1]!;
}

/** The unit of this very incarnation of an instance, or NONE. */
export function unitOfGeneration(instance: number, generation: number): number {
  return GENERATION_OF[instance] === generation ? UNIT_OF[instance]! : NONE;
}

export function isAlive(unit: number): boolean {
  return unit !== NONE && UNITS[unit + UNIT.isAlive] === 1;
}

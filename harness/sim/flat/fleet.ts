// Everything that the parts of the flat simulator share: the clock, the records, the messages under way.
import type { Plan } from "../../model/plan.ts";
import type { Backoff } from "../../policies/backoff.ts";
import type { CircuitBreaker } from "../../policies/circuit-breaker.ts";
import type { LoadBalancer } from "../../policies/load-balancer.ts";
import type { Retry } from "../../policies/retry.ts";
import type { RetryBudget } from "../../policies/retry-budget.ts";
import type { Tally } from "../../signals/tally.ts";
import {
  CALL_REAL_SHIFT,
  CALL_WIDTH,
  NONE,
  POLICY_REAL_SHIFT,
  POLICY_WIDTH,
  STRAND_REAL_SHIFT,
  STRAND_WIDTH,
  UNIT,
  UNIT_REAL_SHIFT,
  UNIT_WIDTH,
  VISIT_REAL_SHIFT,
  VISIT_WIDTH,
} from "./fields.ts";
import { Mail } from "./mail.ts";
import { Nodes } from "./nodes.ts";
import { SlotTable } from "./slot-table.ts";
import { TaskHeap } from "./task-heap.ts";
import { Timers } from "./timers.ts";

/** The machines of one call policy; null where the policy does without. */
export interface PolicyMachines {
  readonly balancer: LoadBalancer;
  readonly retry: Retry;
  readonly backoff: Backoff | null;
  readonly budget: RetryBudget | null;
  readonly breaker: CircuitBreaker | null;
}

export class Fleet {
  readonly plan: Plan;
  readonly tally: Tally;
  /** `clock[0]` is the present. */
  readonly clock = new Float64Array(1);
  readonly visits = new SlotTable(VISIT_WIDTH, VISIT_REAL_SHIFT);
  readonly strands = new SlotTable(STRAND_WIDTH, STRAND_REAL_SHIFT);
  readonly calls = new SlotTable(CALL_WIDTH, CALL_REAL_SHIFT);
  readonly units = new SlotTable(UNIT_WIDTH, UNIT_REAL_SHIFT);
  readonly policies = new SlotTable(POLICY_WIDTH, POLICY_REAL_SHIFT);
  /** By policy handle ÷ POLICY_WIDTH. */
  readonly machines: PolicyMachines[] = [];
  readonly nodes: Nodes;
  readonly tasks = new TaskHeap();
  readonly timers: Timers;
  readonly mail: Mail;
  /** By instance id: the unit of its living incarnation (or NONE), its generation, service and zone. */
  readonly unitOf: number[] = [];
  readonly generationOf: number[] = [];
  readonly serviceOf: number[] = [];
  readonly zoneOf: number[] = [];
  /** Lane by zones, `[from + 1][to + 1]`; zone −1 is outside, no delay. */
  readonly #lane: readonly (readonly number[])[];

  constructor(plan: Plan, tally: Tally) {
    this.plan = plan;
    this.tally = tally;
    this.nodes = new Nodes(plan);
    this.timers = new Timers(this.calls, this.policies, this.clock);
    this.mail = new Mail(this.clock);
    const zones = [-1, ...plan.zones.keys()];
    this.#lane = zones.map((from) =>
      zones.map((to) => this.mail.laneOf(from < 0 || to < 0 ? 0 : plan.networkMs[from]![to]!)),
    );
  }

  /** Sends a message about a visit from one zone to another. */
  send(fromZone: number, toZone: number, visit: number, kind: number, serial: number): void {
    this.mail.send(this.#lane[fromZone + 1]![toZone + 1]!, visit, kind, serial);
  }

  /** The unit of this very incarnation of an instance, or NONE. */
  unitOfGeneration(instance: number, generation: number): number {
    return this.generationOf[instance] === generation ? this.unitOf[instance]! : NONE;
  }

  isAlive(unit: number): boolean {
    return unit !== NONE && this.units.int[unit + UNIT.isAlive] === 1;
  }
}

// The calling half of an actor: the call machines of its policies over one table of calls, edge faults in front of
// the wire, and the books. Driven by the actor; its messages leave through the Transport.
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { CRITICAL } from "../model/criticality.ts";
import type { Route } from "../model/route.ts";
import { bits, hashText } from "../core/key.ts";
import type { CallPlan } from "../model/call-plan.ts";
import type { Plan } from "../model/plan.ts";
import { CallMachine } from "../policies/call.ts";
import type { ConnectionPool } from "../policies/connection-pool.ts";
import type { LoadBalancer } from "../policies/load-balancer.ts";
import { Stickiness } from "../policies/stickiness.ts";
import { ABANDON, CallTable, DECIDED, FINISHED, FREE, IN_FLIGHT, LEFT, SEND } from "../policies/call-table.ts";
import { EDGE, EDGE_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";
import { CallWay } from "./call-way.ts";
import { EdgeMeter } from "./edge-meter.ts";
import type { Transport } from "./transport.ts";

/** No call has ended. */
export const NO_CALL = -1;

const ITEM_PURPOSE = hashText("request/item");

export interface CallerOptions {
  readonly plan: Plan;
  readonly calls: readonly CallPlan[];
  readonly tally: Tally;
  readonly transport: Transport;
  /** The engine's own number for the actor, for return addresses. */
  readonly address: number;
  /** A stable name of the caller: seeds its load balancers. */
  readonly name: string;
  /** Service index, or −1 for a load; zone index, or −1. */
  readonly service: number;
  readonly zone: number;
  readonly startMs: number;
}

export class Caller {
  readonly address: number;
  /** Zone index of the caller; −1 = outside, no network delay. */
  readonly zone: number;
  readonly table = new CallTable();
  /** Some service has a cache: calls say what they are about (`table.item`). */
  readonly #hasItems: boolean;
  readonly #machines: readonly CallMachine[];
  /** Its own service, −1 for a load. */
  readonly #service: number;
  /** By callee: where its users are attached, if they are; a connection is one, whatever is asked over it. */
  readonly #sticky = new Map<number, Stickiness>();
  readonly #tally: Tally;
  readonly #transport: Transport;
  readonly #way: CallWay;
  #breakersSinceMs: number;

  constructor(options: CallerOptions) {
    const { plan, tally } = options;
    this.#tally = tally;
    this.#transport = options.transport;
    this.address = options.address;
    this.zone = options.zone;
    this.#service = options.service;
    this.#hasItems = plan.services.some(({ variants }) => variants.some(({ cache }) => cache !== undefined));
    const caller = hashText(options.name);
    for (const { callee, sticky } of options.calls)
      if (sticky !== undefined) this.#sticky.set(callee, new Stickiness());
    this.#machines = options.calls.map(
      (call) =>
        new CallMachine(call, this.table, new EdgeMeter(tally, call.edge), {
          seed: plan.seed,
          callee: hashText(plan.services[call.callee]!.name),
          caller,
          ownService: options.service,
          zone: options.zone,
          sticky: call.sticky === undefined ? null : this.#sticky.get(call.callee)!,
        }),
    );
    this.#way = new CallWay({
      name: options.name,
      zone: options.zone,
      calls: options.calls,
      table: this.table,
      tally,
      leave: (slot) => this.#leave(slot),
      answered: (nowMs, slot, ...answer) => this.#machines[this.table.machine[slot]!]!.answered(nowMs, slot, ...answer),
    });
    this.#breakersSinceMs = options.startMs;
  }

  /**
   * Begins a call by policy `machine` (an index); the result is taken with `take`. Returns its slot. `owner` is the
   * owner's own reference, `callHigh` and `callLow` the call's key. `ownDeadlineMs` travels with every attempt; no
   * attempt outlives `boundMs`. `criticality`: an index of CRITICALITIES. It is about something of its own, or
   * (`nth` ≥ 0) about `item`, what the request that makes it is about, or (`nth` > 0) about the n-th other thing of that.
   * `headers`: bits of `Plan.headers`.
   */
  begin(
    nowMs: number,
    machine: number,
    owner: number,
    operation: number,
    callHigh: number,
    callLow: number,
    user: number,
    depth: number,
    ownDeadlineMs: number,
    boundMs: number,
    criticality = CRITICAL,
    nth = -1,
    item = 0,
    headers = 0,
  ): number {
    const { table } = this;
    const slot = table.allocate();
    table.machine[slot] = machine;
    table.owner[slot] = owner;
    table.operation[slot] = operation;
    table.callHigh[slot] = callHigh;
    table.callLow[slot] = callLow;
    table.user[slot] = user;
    table.depth[slot] = depth;
    table.criticality[slot] = criticality;
    table.headers[slot] = headers;
    table.ownDeadlineMs[slot] = ownDeadlineMs;
    if (this.#hasItems) {
      if (nth < 0) table.item[slot] = bits(callHigh, callLow, ITEM_PURPOSE);
      else table.item[slot] = nth === 0 ? item : bits(item, nth, ITEM_PURPOSE);
    }
    this.#machines[machine]!.begin(nowMs, slot, boundMs);
    return slot;
  }

  /** An answer from the engine; one that comes too late is ignored. */
  answered(
    nowMs: number,
    slot: number,
    serial: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void {
    const { table } = this;
    if (table.serial[slot] !== serial || table.state[slot] !== IN_FLIGHT) return;
    if (
      !this.#way.isBackClear &&
      this.#way.keeps(nowMs, slot, cause, isDegraded, originService, originCause, slowService, slowOwnUs)
    )
      return;
    const machine = this.#machines[table.machine[slot]!]!;
    machine.answered(nowMs, slot, cause, isDegraded, originService, originCause, slowService, slowOwnUs);
  }

  /** The owner of a call no longer wants it. */
  drop(nowMs: number, slot: number): void {
    this.#machines[this.table.machine[slot]!]!.cancel(nowMs, slot);
    this.table.free(slot);
  }

  /** Sends what the machines decided; returns the slot of the next call that has ended (its owner frees it), or NO_CALL. */
  take(nowMs: number): number {
    const { table } = this;
    for (let output = table.take(); output >= 0; output = table.take()) {
      const slot = output >> 2;
      const kind = output & 3;
      if (kind === SEND) {
        if (table.departure[slot] === DECIDED) this.#way.send(nowMs, slot);
      } else if (kind === ABANDON) this.#transport.abandon(this, slot);
      else if (table.state[slot] === FINISHED) return slot;
    }
    return NO_CALL;
  }

  nextWakeup(): number {
    let nextMs = this.#way.nextDue();
    for (const machine of this.#machines) nextMs = Math.min(nextMs, machine.nextWakeup());
    return nextMs;
  }

  /** Handles what is due; `nowMs` is later than `dueMs` only after a standstill. */
  wake(dueMs: number, nowMs: number): void {
    if (this.#way.nextDue() <= dueMs) this.#way.wake(nowMs);
    for (const machine of this.#machines) if (machine.nextWakeup() <= dueMs) machine.wake(dueMs, nowMs);
  }

  route(route: Route): void {
    this.#way.route(route);
    const sticky = this.#sticky.get(route.service);
    if (sticky !== undefined)
      for (const { id, replaces } of route.endpoints) if (replaces !== undefined) sticky.inherit(replaces, id);
    for (const machine of this.#machines)
      if (machine.plan.callee === route.service) machine.route(route.endpoints, route.weights);
    if (route.service === this.#service) this.#countCallers(route);
  }

  /** Whether the user is attached to an instance that calls of this policy can no longer reach. */
  hasLost(machine: number, user: number): boolean {
    return this.#machines[machine]!.hasLost(user);
  }

  /** The user's connection to a service is closed. */
  detach(service: number, user: number): void {
    this.#sticky.get(service)?.detach(user);
  }

  #countCallers(route: Route): void {
    const instances: number[] = [];
    for (const { zone } of route.endpoints) instances[zone] = (instances[zone] ?? 0) + 1;
    const perZone = Array.from(instances, (count) => count ?? 0);
    for (const machine of this.#machines) machine.callersPerZone(perZone);
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.#way.disturb(active);
  }

  /** Brings the integrals up to now. */
  observe(nowMs: number): void {
    const passedMs = nowMs - this.#breakersSinceMs;
    this.#breakersSinceMs = nowMs;
    for (const machine of this.#machines) {
      machine.observe(nowMs, passedMs);
      const { balancer, breaker, plan, pool } = machine;
      if (pool !== null) this.#observePool(nowMs, pool, plan.edge * EDGE_WIDTH);
      if (balancer.outliers !== null) this.#observeEjections(nowMs, passedMs, balancer, plan.edge * EDGE_WIDTH);
      if (breaker === null) continue;
      this.#tally.edges[plan.edge * EDGE_WIDTH + EDGE.breakersMs]! += passedMs;
      if (breaker.state(nowMs) !== 0) this.#tally.edges[plan.edge * EDGE_WIDTH + EDGE.breakerOpenMs]! += passedMs;
    }
  }

  #observePool(nowMs: number, pool: ConnectionPool, row: number): void {
    const { edges } = this.#tally;
    const { openMs, inUseMs, waitingMs, connects } = pool.takeSums(nowMs);
    edges[row + EDGE.connectionsOpenMs]! += openMs;
    edges[row + EDGE.connectionsInUseMs]! += inUseMs;
    edges[row + EDGE.acquiringMs]! += waitingMs;
    edges[row + EDGE.connects]! += connects;
  }

  #observeEjections(nowMs: number, passedMs: number, balancer: LoadBalancer, row: number): void {
    balancer.advance(nowMs);
    const outliers = balancer.outliers!;
    const { edges } = this.#tally;
    edges[row + EDGE.detectorsMs]! += passedMs;
    edges[row + EDGE.endpointsMs]! += passedMs * outliers.hosts;
    edges[row + EDGE.ejectedMs]! += passedMs * outliers.ejected;
    if (balancer.isPanicking) edges[row + EDGE.panickingMs]! += passedMs;
    edges[row + EDGE.ejections]! += outliers.takeEjections();
  }

  /** The caller dies: its calls end with it and its connections close, which its callees notice. */
  crash(nowMs: number): void {
    // The attempts of a hedged call end with it.
    for (const slot of this.table.inOrder()) if (this.table.state[slot] !== FREE) this.drop(nowMs, slot);
    this.take(nowMs);
  }

  #leave(slot: number): void {
    this.table.departure[slot] = LEFT;
    this.#transport.send(this, slot);
  }
}

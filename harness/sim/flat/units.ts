// The units of the flat simulator, as they come and go: loads, and instances with the versions they run.
import { hashText } from "../../core/key.ts";
import type { CallPlan } from "../../model/call-plan.ts";
import { CIRCUIT_OPEN } from "../../model/outcome.ts";
import type { InstanceRef, Route } from "../../model/route.ts";
import { Backoff } from "../../policies/backoff.ts";
import { CircuitBreaker } from "../../policies/circuit-breaker.ts";
import { LoadBalancer } from "../../policies/load-balancer.ts";
import { Retry } from "../../policies/retry.ts";
import { RetryBudget } from "../../policies/retry-budget.ts";
import { EDGE, EDGE_WIDTH, SERVICE, SERVICE_WIDTH } from "../../signals/columns.ts";
import {
  NONE,
  PHASE,
  POLICY,
  POLICY_REAL,
  POLICY_REAL_SHIFT,
  POLICY_WIDTH,
  UNIT,
  UNIT_REAL,
  UNIT_REAL_SHIFT,
  UNLIMITED,
} from "./fields.ts";
import type { Fleet } from "./fleet.ts";
import { IRREGULAR } from "./timers.ts";
import type { Workers } from "./workers.ts";

export class Units {
  readonly #fleet: Fleet;
  readonly #workers: Workers;
  readonly #routes = new Map<number, Route>();
  /** Policies by callee. */
  readonly #policiesTo: readonly number[][];

  constructor(fleet: Fleet, workers: Workers) {
    this.#fleet = fleet;
    this.#workers = workers;
    this.#policiesTo = fleet.plan.services.map(() => []);
  }

  addLoad(load: number): number {
    const { plan } = this.#fleet;
    const { name, zone, calls } = plan.loads[load]!;
    return this.#add(NONE, zone ?? NONE, calls, hashText(name));
  }

  addInstance(instance: InstanceRef): number {
    const { plan, units, nodes, tally, unitOf, generationOf, serviceOf, zoneOf } = this.#fleet;
    const service = plan.services[instance.service]!;
    const variant = service.variants[instance.variant]!;
    const name = hashText(`${service.name}#${instance.id}`);
    const unit = this.#add(instance.service, instance.zone, variant.calls, name);
    const int = units.int;
    const row = tally.layout.serviceRow[instance.service]![instance.variant]![instance.zone]!;
    int[unit + UNIT.variant] = instance.variant;
    int[unit + UNIT.instance] = instance.id;
    int[unit + UNIT.generation] = instance.generation;
    int[unit + UNIT.entries] = nodes.entriesOf(instance.service, instance.variant);
    int[unit + UNIT.hasErrors] = variant.errors.length > 0 ? 1 : 0;
    int[unit + UNIT.workers] = variant.pool.concurrency ?? UNLIMITED;
    int[unit + UNIT.queueCapacity] = variant.pool.queueCapacity ?? UNLIMITED;
    int[unit + UNIT.isAsync] = variant.pool.model === "async" ? 1 : 0;
    int[unit + UNIT.skipsUnbegun] = variant.onDeadline === "ignore" ? 0 : 1;
    int[unit + UNIT.boundsCalls] = variant.onDeadline === "ignore" ? 0 : 1;
    int[unit + UNIT.stopsRunning] = variant.onDeadline === "cancel" ? 1 : 0;
    int[unit + UNIT.phase] = PHASE.starting;
    int[unit + UNIT.row] = row;
    int[unit + UNIT.firstColumn] = row * SERVICE_WIDTH;
    this.#workers.open(unit);
    unitOf[instance.id] = unit;
    generationOf[instance.id] = instance.generation;
    serviceOf[instance.id] = instance.service;
    zoneOf[instance.id] = instance.zone;
    return unit;
  }

  /** Its instance is dead. */
  bury(unit: number): void {
    const { units, unitOf } = this.#fleet;
    units.int[unit + UNIT.isAlive] = 0;
    unitOf[units.int[unit + UNIT.instance]!] = NONE;
    this.#workers.close(unit);
  }

  /** From now on all callers use this. */
  route(route: Route): void {
    const { policies } = this.#fleet;
    this.#routes.set(route.service, route);
    for (const policy of this.#policiesTo[route.service]!)
      if (this.#fleet.isAlive(policies.int[policy + POLICY.unit]!)) this.#route(policy, route);
  }

  /** Brings a unit's integrals up to now and writes its own counters into the tally. */
  observe(unit: number): void {
    const { units, policies, machines, tally, clock } = this.#fleet;
    const int = units.int;
    const real = units.real;
    const at = unit >> UNIT_REAL_SHIFT;
    const nowMs = clock[0]!;
    const passedMs = nowMs - real[at + UNIT_REAL.observedMs]!;
    real[at + UNIT_REAL.observedMs] = nowMs;
    const first = int[unit + UNIT.firstPolicy]!;
    for (let i = 0; i < int[unit + UNIT.policies]!; i++) {
      const policy = first + i * POLICY_WIDTH;
      const { breaker } = machines[policy / POLICY_WIDTH]!;
      if (breaker === null) continue;
      const column = policies.int[policy + POLICY.firstColumn]!;
      tally.edges[column + EDGE.breakersMs]! += passedMs;
      if (breaker.state(nowMs) !== 0) tally.edges[column + EDGE.breakerOpenMs]! += passedMs;
    }
    if (int[unit + UNIT.service]! >= 0) this.#observeInstance(unit, passedMs);
  }

  #observeInstance(unit: number, passedMs: number): void {
    const { units, policies, tally, plan, clock } = this.#fleet;
    const int = units.int;
    const real = units.real;
    const at = unit >> UNIT_REAL_SHIFT;
    const row = int[unit + UNIT.firstColumn]!;
    const { services, edges } = tally;
    services[row + SERVICE.arrived]! += int[unit + UNIT.arrived]!;
    services[row + SERVICE.abandoned]! += int[unit + UNIT.abandoned]!;
    services[row + SERVICE.abandonedOwn]! += int[unit + UNIT.abandonedOwn]!;
    services[row + SERVICE.wasted]! += int[unit + UNIT.wasted]!;
    services[row + SERVICE.inSystemMs]! += real[at + UNIT_REAL.inSystemMs]!;
    services[row + SERVICE.queuedMs]! += real[at + UNIT_REAL.queuedMs]!;
    services[row + SERVICE.busyMs]! += real[at + UNIT_REAL.busyMs]!;
    services[row + SERVICE.cpuMs]! += real[at + UNIT_REAL.cpuMs]!;
    const takenMs = clock[0]! - real[at + UNIT_REAL.takenMs]!;
    services[row + SERVICE.sojournMs]! +=
      real[at + UNIT_REAL.sojournMs]! + int[unit + UNIT.inSystem]! * takenMs - real[at + UNIT_REAL.lateMs]!;
    const readyMs = int[unit + UNIT.phase] === PHASE.ready ? passedMs : 0;
    services[row + SERVICE.readyMs]! += readyMs;
    const { cpu } = plan.services[int[unit + UNIT.service]!]!.variants[int[unit + UNIT.variant]!]!;
    const workers = int[unit + UNIT.workers]!;
    if (workers !== UNLIMITED) services[row + SERVICE.workersMs]! += readyMs * workers;
    const cores = cpu.cores ?? workers;
    if (cores !== UNLIMITED) services[row + SERVICE.coresMs]! += readyMs * cores;
    const first = int[unit + UNIT.firstPolicy]!;
    for (let i = 0; i < int[unit + UNIT.policies]!; i++) {
      const policy = first + i * POLICY_WIDTH;
      const counted = (policy >> POLICY_REAL_SHIFT) + POLICY_REAL.abandonedWaiting;
      edges[policies.int[policy + POLICY.edge]! * EDGE_WIDTH + EDGE.abandonedWaiting]! += policies.real[counted]!;
      policies.real[counted] = 0;
    }
    for (const field of [UNIT.arrived, UNIT.abandoned, UNIT.abandonedOwn, UNIT.wasted]) int[unit + field] = 0;
    real.fill(0, at + UNIT_REAL.inSystemMs, at + UNIT_REAL.lateMs + 1);
    real[at + UNIT_REAL.takenMs] = clock[0]!;
  }

  #add(service: number, zone: number, calls: readonly CallPlan[], name: number): number {
    const { units, policies, clock } = this.#fleet;
    const unit = units.allocate();
    const int = units.int;
    int[unit + UNIT.isAlive] = 1;
    int[unit + UNIT.service] = service;
    int[unit + UNIT.zone] = zone;
    int[unit + UNIT.policies] = calls.length;
    int[unit + UNIT.firstPolicy] = policies.used;
    for (const real of [UNIT_REAL.lastMs, UNIT_REAL.takenMs, UNIT_REAL.observedMs])
      units.real[(unit >> UNIT_REAL_SHIFT) + real] = clock[0]!;
    for (const call of calls) this.#addPolicy(unit, call, name);
    return unit;
  }

  #addPolicy(unit: number, call: CallPlan, caller: number): void {
    const { plan, policies, machines, timers } = this.#fleet;
    const policy = policies.allocate();
    const int = policies.int;
    const at = policy >> POLICY_REAL_SHIFT;
    int[policy + POLICY.unit] = unit;
    int[policy + POLICY.edge] = call.edge;
    int[policy + POLICY.firstColumn] = call.edge * EDGE_WIDTH;
    int[policy + POLICY.callee] = call.callee;
    const retry = new Retry(call.retry);
    int[policy + POLICY.maxAttempts] = retry.maxAttempts;
    int[policy + POLICY.timerLane] = call.attemptTimeoutMs === null ? IRREGULAR : timers.laneOf(call.attemptTimeoutMs);
    int[policy + POLICY.lastOriginService] = call.callee;
    int[policy + POLICY.lastOriginCause] = CIRCUIT_OPEN;
    policies.real[at + POLICY_REAL.timeoutMs] = call.timeoutMs ?? Infinity;
    policies.real[at + POLICY_REAL.attemptTimeoutMs] = call.attemptTimeoutMs ?? Infinity;
    const callee = hashText(plan.services[call.callee]!.name);
    machines.push({
      balancer: new LoadBalancer(call.loadBalancer, plan.seed, callee, caller),
      retry,
      backoff: call.retry?.backoff ? new Backoff(call.retry.backoff) : null,
      budget: call.retry?.budget ? new RetryBudget(call.retry.budget) : null,
      breaker: call.circuitBreaker ? new CircuitBreaker(call.circuitBreaker) : null,
    });
    this.#policiesTo[call.callee]!.push(policy);
    const route = this.#routes.get(call.callee);
    if (route !== undefined) this.#route(policy, route);
  }

  #route(policy: number, route: Route): void {
    this.#fleet.machines[policy / POLICY_WIDTH]!.balancer.route(route.endpoints, route.weights);
  }
}

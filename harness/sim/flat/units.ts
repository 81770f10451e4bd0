// The units of the flat simulator, as they come and go: loads, and instances with the versions they run.
import { assert } from "../../core/assert.ts";
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
import * as PHASE from "./fields/phase.ts";
import * as POLICY from "./fields/policy.ts";
import * as POLICY_REAL from "./fields/policy-real.ts";
import * as UNIT from "./fields/unit.ts";
import * as UNIT_REAL from "./fields/unit-real.ts";
import { NONE, POLICY_REAL_SHIFT, POLICY_WIDTH, UNIT_REAL_SHIFT, UNIT_WIDTH, UNLIMITED } from "./fields/widths.ts";
import { MACHINES, RUN } from "./fleet.ts";
import { latencyRows } from "./latency.ts";
import {
  CLOCK,
  COUNT,
  EDGES,
  GENERATION_OF,
  newList,
  NOW,
  POLICIES,
  POLICIES_USED,
  POLICY_REALS,
  release,
  SERVICE_OF,
  SERVICES,
  UNIT_OF,
  UNIT_REALS,
  UNITS,
  UNITS_USED,
  ZONE_OF,
} from "./memory.ts";
import { layNodes } from "./nodes.ts";
import { Routes } from "./routes.ts";
import { IRREGULAR } from "./timers.ts";

export class Units {
  readonly #routes = new Routes(RUN.plan.services.length);
  /** Where the entries of each variant of each service begin. */
  readonly #entries: readonly number[][];
  readonly #firstLatencyRow: number;

  /** After `beginRun`. */
  constructor() {
    this.#entries = layNodes(RUN.plan);
    this.#firstLatencyRow = latencyRows(RUN.tally.layout).services;
  }

  addLoad(load: number): number {
    const { name, zone, calls } = RUN.plan.loads[load]!;
    return this.#add(NONE, zone ?? NONE, calls, hashText(name));
  }

  addInstance(instance: InstanceRef): number {
    const { plan, tally } = RUN;
    const service = plan.services[instance.service]!;
    const variant = service.variants[instance.variant]!;
    const name = hashText(`${service.name}#${instance.id}`);
    const unit = this.#add(instance.service, instance.zone, variant.calls, name);
    const row = tally.layout.serviceRow[instance.service]![instance.variant]![instance.zone]!;
    UNITS[unit + UNIT.variant] = instance.variant;
    UNITS[unit + UNIT.instance] = instance.id;
    UNITS[unit + UNIT.generation] = instance.generation;
    UNITS[unit + UNIT.entries] = this.#entries[instance.service]![instance.variant]!;
    UNITS[unit + UNIT.hasErrors] = variant.errors.length > 0 ? 1 : 0;
    UNITS[unit + UNIT.workers] = variant.pool.concurrency ?? UNLIMITED;
    UNITS[unit + UNIT.queueCapacity] = variant.pool.queueCapacity ?? UNLIMITED;
    UNITS[unit + UNIT.isAsync] = variant.pool.model === "async" ? 1 : 0;
    UNITS[unit + UNIT.skipsUnbegun] = variant.onDeadline === "ignore" ? 0 : 1;
    UNITS[unit + UNIT.boundsCalls] = variant.onDeadline === "ignore" ? 0 : 1;
    UNITS[unit + UNIT.stopsRunning] = variant.onDeadline === "cancel" ? 1 : 0;
    UNITS[unit + UNIT.phase] = PHASE.starting;
    UNITS[unit + UNIT.latencyRow] = this.#firstLatencyRow + row;
    UNITS[unit + UNIT.firstColumn] = row * SERVICE_WIDTH;
    UNITS[unit + UNIT.line] = newList();
    UNITS[unit + UNIT.resuming] = newList();
    UNIT_OF[instance.id] = unit;
    GENERATION_OF[instance.id] = instance.generation;
    SERVICE_OF[instance.id] = instance.service;
    ZONE_OF[instance.id] = instance.zone;
    return unit;
  }

  /** Its instance is dead. */
  bury(unit: number): void {
    UNITS[unit + UNIT.isAlive] = 0;
    UNIT_OF[UNITS[unit + UNIT.instance]!] = NONE;
    release(UNITS[unit + UNIT.line]!);
    release(UNITS[unit + UNIT.resuming]!);
  }

  /** From now on all callers use this. */
  route(route: Route): void {
    this.#routes.change(route);
  }

  /** Brings a unit's integrals up to now and writes its own counters into the tally. */
  observe(unit: number): void {
    const at = unit >> UNIT_REAL_SHIFT;
    const nowMs = CLOCK[NOW]!;
    const passedMs = nowMs - UNIT_REALS[at + UNIT_REAL.observedMs]!;
    UNIT_REALS[at + UNIT_REAL.observedMs] = nowMs;
    const first = UNITS[unit + UNIT.firstPolicy]!;
    for (let i = 0; i < UNITS[unit + UNIT.policies]!; i++) {
      const policy = first + i * POLICY_WIDTH;
      const { breaker } = MACHINES[policy / POLICY_WIDTH]!;
      if (breaker === null) continue;
      const column = POLICIES[policy + POLICY.firstColumn]!;
      EDGES[column + EDGE.breakersMs]! += passedMs;
      if (breaker.state(nowMs) !== 0) EDGES[column + EDGE.breakerOpenMs]! += passedMs;
    }
    if (UNITS[unit + UNIT.service]! >= 0) this.#observeInstance(unit, passedMs);
  }

  #observeInstance(unit: number, passedMs: number): void {
    const at = unit >> UNIT_REAL_SHIFT;
    const row = UNITS[unit + UNIT.firstColumn]!;
    SERVICES[row + SERVICE.arrived]! += UNITS[unit + UNIT.arrived]!;
    SERVICES[row + SERVICE.abandoned]! += UNITS[unit + UNIT.abandoned]!;
    SERVICES[row + SERVICE.abandonedOwn]! += UNITS[unit + UNIT.abandonedOwn]!;
    SERVICES[row + SERVICE.wasted]! += UNITS[unit + UNIT.wasted]!;
    SERVICES[row + SERVICE.inSystemMs]! += UNIT_REALS[at + UNIT_REAL.inSystemMs]!;
    SERVICES[row + SERVICE.queuedMs]! += UNIT_REALS[at + UNIT_REAL.queuedMs]!;
    SERVICES[row + SERVICE.busyMs]! += UNIT_REALS[at + UNIT_REAL.busyMs]!;
    SERVICES[row + SERVICE.cpuMs]! += UNIT_REALS[at + UNIT_REAL.cpuMs]!;
    const takenMs = CLOCK[NOW]! - UNIT_REALS[at + UNIT_REAL.takenMs]!;
    SERVICES[row + SERVICE.sojournMs]! +=
      UNIT_REALS[at + UNIT_REAL.sojournMs]! +
      UNITS[unit + UNIT.inSystem]! * takenMs -
      UNIT_REALS[at + UNIT_REAL.lateMs]!;
    const readyMs = UNITS[unit + UNIT.phase] === PHASE.ready ? passedMs : 0;
    SERVICES[row + SERVICE.readyMs]! += readyMs;
    const { cpu } = RUN.plan.services[UNITS[unit + UNIT.service]!]!.variants[UNITS[unit + UNIT.variant]!]!;
    const workers = UNITS[unit + UNIT.workers]!;
    if (workers !== UNLIMITED) SERVICES[row + SERVICE.workersMs]! += readyMs * workers;
    const cores = cpu.cores ?? workers;
    if (cores !== UNLIMITED) SERVICES[row + SERVICE.coresMs]! += readyMs * cores;
    const first = UNITS[unit + UNIT.firstPolicy]!;
    for (let i = 0; i < UNITS[unit + UNIT.policies]!; i++) {
      const policy = first + i * POLICY_WIDTH;
      const counted = (policy >> POLICY_REAL_SHIFT) + POLICY_REAL.abandonedWaiting;
      EDGES[POLICIES[policy + POLICY.firstColumn]! + EDGE.abandonedWaiting]! += POLICY_REALS[counted]!;
      POLICY_REALS[counted] = 0;
    }
    for (const field of [UNIT.arrived, UNIT.abandoned, UNIT.abandonedOwn, UNIT.wasted]) UNITS[unit + field] = 0;
    UNIT_REALS.fill(0, at + UNIT_REAL.inSystemMs, at + UNIT_REAL.lateMs + 1);
    UNIT_REALS[at + UNIT_REAL.takenMs] = CLOCK[NOW]!;
  }

  #add(service: number, zone: number, calls: readonly CallPlan[], name: number): number {
    const unit = COUNT[UNITS_USED]!;
    COUNT[UNITS_USED] = unit + UNIT_WIDTH;
    assert(unit < UNITS.length, "a run starts at most 131,072 instances");
    UNITS[unit + UNIT.isAlive] = 1;
    UNITS[unit + UNIT.service] = service;
    UNITS[unit + UNIT.zone] = zone;
    UNITS[unit + UNIT.policies] = calls.length;
    UNITS[unit + UNIT.firstPolicy] = COUNT[POLICIES_USED]!;
    for (const real of [UNIT_REAL.lastMs, UNIT_REAL.takenMs, UNIT_REAL.observedMs])
      UNIT_REALS[(unit >> UNIT_REAL_SHIFT) + real] = CLOCK[NOW]!;
    for (const call of calls) this.#addPolicy(unit, call, name);
    return unit;
  }

  #addPolicy(unit: number, call: CallPlan, caller: number): void {
    const { plan, timers } = RUN;
    const policy = COUNT[POLICIES_USED]!;
    COUNT[POLICIES_USED] = policy + POLICY_WIDTH;
    assert(policy < POLICIES.length, "a run holds at most a million call policies of instances");
    const at = policy >> POLICY_REAL_SHIFT;
    POLICIES[policy + POLICY.unit] = unit;
    POLICIES[policy + POLICY.edge] = call.edge;
    POLICIES[policy + POLICY.firstColumn] = call.edge * EDGE_WIDTH;
    POLICIES[policy + POLICY.callee] = call.callee;
    const retry = new Retry(call.retry);
    POLICIES[policy + POLICY.maxAttempts] = retry.maxAttempts;
    POLICIES[policy + POLICY.hasRetries] = call.retry === null ? 0 : 1;
    POLICIES[policy + POLICY.hasBreaker] = call.circuitBreaker ? 1 : 0;
    POLICIES[policy + POLICY.timerLane] =
      call.attemptTimeoutMs === null ? IRREGULAR : timers.laneOf(call.attemptTimeoutMs);
    POLICIES[policy + POLICY.lastOriginService] = call.callee;
    POLICIES[policy + POLICY.lastOriginCause] = CIRCUIT_OPEN;
    POLICY_REALS[at + POLICY_REAL.timeoutMs] = call.timeoutMs ?? Infinity;
    POLICY_REALS[at + POLICY_REAL.attemptTimeoutMs] = call.attemptTimeoutMs ?? Infinity;
    const callee = hashText(plan.services[call.callee]!.name);
    MACHINES.push({
      balancer: new LoadBalancer(call.loadBalancer, plan.seed, callee, caller),
      retry,
      backoff: call.retry?.backoff ? new Backoff(call.retry.backoff) : null,
      budget: call.retry?.budget ? new RetryBudget(call.retry.budget) : null,
      breaker: call.circuitBreaker ? new CircuitBreaker(call.circuitBreaker) : null,
    });
    this.#routes.join(policy);
  }
}

// The attempts of one call policy: each passes the circuit breaker, the bulkhead and the limits, is given an endpoint and
// leaves for it; when it is over, whoever let it pass is told. Which attempts there are is decided by the call machine
// (call.ts). Hot code.
import { mixHigh, mixLow } from "../core/key.ts";
import type { CallPlan } from "../model/call-plan.ts";
import {
  BULKHEAD_FULL,
  CANCELLED,
  CIRCUIT_OPEN,
  CONNECTION_RESET,
  NO_HEALTHY_HOST,
  OK,
  REFUSED,
  TIMEOUT,
  WRONG,
} from "../model/outcome.ts";
import { permitsOf } from "./bulkhead.ts";
import type { CallMeter } from "./call-meter.ts";
import { ABANDON, ACQUIRING, ADMITTED, type CallTable, DECIDED, IN_FLIGHT, LEFT, SEND } from "./call-table.ts";
import { CircuitBreaker, isBreakerFailure } from "./circuit-breaker.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { Endpoint } from "./endpoint-slots.ts";
import { ErrorMap } from "./error-map.ts";
import { ENTERED, QUEUED } from "./line.ts";
import { LoadBalancer } from "./load-balancer.ts";
import type { Permits } from "./permits.ts";
import type { SlotTimers } from "./slot-timers.ts";
import type { Stickiness } from "./stickiness.ts";

/** The endpoint of an attempt that never left, or that was given up. */
const NOWHERE = -1;

export class Attempts {
  readonly breaker: CircuitBreaker | null;
  readonly #callee: number;
  readonly #timeoutMs: number;
  readonly #table: CallTable;
  readonly #meter: CallMeter;
  readonly #timers: SlotTimers;
  readonly balancer: LoadBalancer;
  /** null where users are attached to no instance. */
  readonly #sticky: Stickiness | null;
  readonly pool: ConnectionPool | null;
  /** What every attempt has to pass; nearly always nothing. */
  readonly #permits: Permits | null;
  readonly #errors: ErrorMap | null;
  /** Attempts that are out. */
  #out = 0;
  /** Where the last failed attempt's failure began: what an open circuit passes on. */
  #lastOriginService: number;
  #lastOriginCause = CIRCUIT_OPEN;

  constructor(
    plan: CallPlan,
    table: CallTable,
    meter: CallMeter,
    timers: SlotTimers,
    options: { seed: number; callee: number; caller: number; zone: number; sticky?: Stickiness | null },
  ) {
    this.#callee = plan.callee;
    this.#timeoutMs = plan.attemptTimeoutMs ?? Infinity;
    this.#table = table;
    this.#meter = meter;
    this.#timers = timers;
    this.breaker = plan.circuitBreaker ? new CircuitBreaker(plan.circuitBreaker) : null;
    const { seed, callee, caller, zone } = options;
    this.balancer = new LoadBalancer(plan.loadBalancer, seed, callee, caller, zone, plan);
    this.#sticky = options.sticky ?? null;
    this.pool = plan.connectionPool ? new ConnectionPool(plan.connectionPool) : null;
    this.#errors = plan.mapErrors === undefined ? null : new ErrorMap(plan.mapErrors);
    this.#permits = permitsOf(plan, table, timers);
    this.#lastOriginService = plan.callee;
  }

  /** Time that attempts have spent in line for permits since the last call of this, summed. */
  takeWaitedMs(nowMs: number): number {
    return this.#permits?.takeWaitedMs(nowMs) ?? 0;
  }

  /** Where the last failure of an attempt began: what a refusal of the caller's own passes on. */
  get lastOriginService(): number {
    return this.#lastOriginService;
  }

  get lastOriginCause(): number {
    return this.#lastOriginCause;
  }

  /** Attempts that are out, or in line to leave. */
  get underWay(): number {
    return this.#out + (this.#permits?.waiting ?? 0);
  }

  route(endpoints: readonly Endpoint[], weights: readonly number[] | null): void {
    this.balancer.route(endpoints, weights);
    this.pool?.joined(this.balancer.newcomers);
  }

  /** Whether the user is attached to an instance that this policy can no longer reach. */
  hasLost(user: number): boolean {
    const instance = this.#sticky?.instanceOf(user) ?? -1;
    return instance >= 0 && this.balancer.slotOf(instance, this.#sticky!.generationOf(user)) < 0;
  }

  /** How many instances of the caller's own service there are, by zone index. */
  callersPerZone(instances: readonly number[]): void {
    this.balancer.callersPerZone(instances);
  }

  /**
   * Makes the next attempt of the call in `slot`, which leaves or waits in line; false where it is over at once, as the
   * slot's cause and origin then say.
   */
  begin(nowMs: number, slot: number): boolean {
    const table = this.#table;
    const attempt = ++table.attempts[slot]!;
    table.serial[slot]!++;
    table.keyHigh[slot] = mixHigh(table.callHigh[slot]!, table.callLow[slot]!, attempt);
    table.keyLow[slot] = mixLow(table.callHigh[slot]!, table.callLow[slot]!, attempt);
    table.attemptStartMs[slot] = nowMs;
    table.endpoint[slot] = NOWHERE;
    table.visit[slot] = -1;
    if (this.breaker !== null && !this.breaker.tryAcquire(nowMs)) {
      this.#meter.attemptRefused(CIRCUIT_OPEN, this.#lastOriginService === this.#callee);
      this.#note(slot, CIRCUIT_OPEN, this.#lastOriginService, this.#lastOriginCause);
      return false;
    }
    return this.#permits === null ? this.#leave(nowMs, slot) : this.#pass(nowMs, slot, this.#permits);
  }

  /** The timer of an attempt that waits for a permit, or that has got it, has fired; false where the attempt is over. */
  resume(nowMs: number, slot: number): boolean {
    const { state, callDueMs } = this.#table;
    const permits = this.#permits!;
    const hasPermit = state[slot] === ADMITTED;
    const isDue = nowMs >= callDueMs[slot]!;
    permits.quit(nowMs, slot);
    if (hasPermit && !isDue) return this.#pass(nowMs, slot, permits);
    this.#lose(nowMs, slot, isDue ? TIMEOUT : BULKHEAD_FULL);
    return false;
  }

  /** The timer of an attempt that waits for a connection has fired; false where the attempt is over. */
  acquired(nowMs: number, slot: number): boolean {
    const isDue = nowMs >= this.#table.callDueMs[slot]!;
    if (!isDue && this.pool!.take(nowMs, slot)) {
      this.#send(nowMs, slot);
      return true;
    }
    this.#stopWaiting(nowMs, slot);
    this.#lose(nowMs, slot, isDue ? TIMEOUT : BULKHEAD_FULL);
    return false;
  }

  /** The slot's attempt has ended in this way. */
  settle(nowMs: number, slot: number, cause: number, originService: number, originCause: number): void {
    const table = this.#table;
    const durationMs = nowMs - table.attemptStartMs[slot]!;
    this.#meter.attemptEnded(cause, originService === this.#callee, durationMs);
    this.breaker?.settle(nowMs, durationMs, isBreakerFailure(this.#errors?.told(cause) ?? cause));
    if (table.endpoint[slot] !== NOWHERE) this.#left(nowMs, slot, cause === CONNECTION_RESET || cause === REFUSED);
    this.#permits?.giveBack(nowMs, slot);
    this.balancer.settled(nowMs, table.target[slot]!, table.generation[slot]!, cause);
    this.#note(slot, cause, originService, originCause);
    if (this.#sticky !== null) this.#attach(this.#sticky, slot, cause);
    if (cause === OK || cause === WRONG) return;
    this.#lastOriginService = originService;
    this.#lastOriginCause = originCause;
  }

  /** The slot's attempt is under way or in line, and nobody wants its answer any more. */
  cancel(nowMs: number, slot: number): void {
    const table = this.#table;
    this.breaker?.release(nowMs);
    if (table.state[slot] === IN_FLIGHT) {
      this.balancer.released(table.endpoint[slot]!);
      this.giveUp(nowMs, slot);
      this.#meter.attemptEnded(CANCELLED, false, nowMs - table.attemptStartMs[slot]!);
    } else if (table.state[slot] === ACQUIRING) this.#stopWaiting(nowMs, slot);
    else this.#permits!.quit(nowMs, slot);
    this.#permits?.giveBack(nowMs, slot);
  }

  /** An attempt that is under way is given up, and is settled by whoever says so; its callee is told, unless it never got out. */
  giveUp(nowMs: number, slot: number): void {
    const table = this.#table;
    this.#left(nowMs, slot, table.departure[slot] === LEFT);
    table.endpoint[slot] = NOWHERE;
    if (table.departure[slot] !== LEFT) {
      table.departure[slot] = LEFT;
      return;
    }
    table.abandonedTarget[slot] = table.target[slot]!;
    table.abandonedGeneration[slot] = table.generation[slot]!;
    table.abandonedSerial[slot] = table.serial[slot]!;
    table.abandonedVisit[slot] = table.visit[slot]!;
    table.emit(slot, ABANDON);
  }

  /** Asks for the permits that the attempt does not have yet, and leaves with all of them. */
  #pass(nowMs: number, slot: number, permits: Permits): boolean {
    const entered = permits.ask(nowMs, slot);
    if (entered === ENTERED) return this.#leave(nowMs, slot);
    if (entered === QUEUED) return true;
    this.#lose(nowMs, slot, BULKHEAD_FULL);
    return false;
  }

  /** The attempt is over without having left: what is in its way is the callee, which holds the permits. */
  #lose(nowMs: number, slot: number, cause: number): void {
    this.#meter.attemptRefused(cause, true);
    this.breaker?.settle(
      nowMs,
      nowMs - this.#table.attemptStartMs[slot]!,
      isBreakerFailure(this.#errors?.told(cause) ?? cause),
    );
    this.#permits?.giveBack(nowMs, slot);
    this.#note(slot, cause, this.#callee, cause);
  }

  /** An attempt that may leave does, if there is an endpoint. */
  #leave(nowMs: number, slot: number): boolean {
    const table = this.#table;
    const endpoint = this.#pick(nowMs, slot);
    if (endpoint < 0) {
      this.settle(nowMs, slot, NO_HEALTHY_HOST, this.#callee, NO_HEALTHY_HOST);
      return false;
    }
    this.balancer.started(endpoint);
    this.#out++;
    table.endpoint[slot] = endpoint;
    if (this.pool !== null && this.pool.acquire(nowMs, slot, endpoint) > nowMs) {
      table.state[slot] = ACQUIRING;
      this.#timers.arm(slot, Math.min(this.pool.dueMs(slot), table.callDueMs[slot]!));
    } else this.#send(nowMs, slot);
    return true;
  }

  #send(nowMs: number, slot: number): void {
    const table = this.#table;
    const endpoint = table.endpoint[slot]!;
    this.#meter.attemptSent();
    table.target[slot] = this.balancer.instanceOf(endpoint);
    table.generation[slot] = this.balancer.generationOf(endpoint);
    const dueMs = Math.min(nowMs + this.#timeoutMs, table.callDueMs[slot]!);
    table.deadlineMs[slot] = Math.min(dueMs, table.ownDeadlineMs[slot]!);
    table.state[slot] = IN_FLIGHT;
    table.departure[slot] = DECIDED;
    if (dueMs < Infinity) this.#timers.arm(slot, dueMs);
    table.emit(slot, SEND);
  }

  /** The attempt no longer occupies its endpoint. */
  #left(nowMs: number, slot: number, isBroken: boolean): void {
    const endpoint = this.#table.endpoint[slot]!;
    this.balancer.ended(endpoint);
    this.#out--;
    if (this.pool !== null) this.#hasConnection(this.pool.release(nowMs, slot, endpoint, isBroken));
  }

  /** The attempt will have no connection. */
  #stopWaiting(nowMs: number, slot: number): void {
    const { endpoint } = this.#table;
    this.balancer.released(endpoint[slot]!);
    this.balancer.ended(endpoint[slot]!);
    this.#out--;
    this.#hasConnection(this.pool!.quit(nowMs, slot, endpoint[slot]!));
    endpoint[slot] = NOWHERE;
  }

  /** The attempt in `slot` (−1 = none) has a connection, now or once it is open, if that is in time. */
  #hasConnection(slot: number): void {
    if (slot >= 0) this.#timers.arm(slot, Math.min(this.pool!.dueMs(slot), this.#table.callDueMs[slot]!));
  }

  /** The endpoint that the user is attached to, while it is there; else whichever the balancer says. */
  #pick(nowMs: number, slot: number): number {
    const table = this.#table;
    const user = table.user[slot]!;
    if (this.#sticky !== null) {
      const held = this.balancer.slotOf(this.#sticky.instanceOf(user), this.#sticky.generationOf(user));
      if (held >= 0 && !this.balancer.isShunned(held)) return held;
    }
    return this.balancer.pick(table.keyHigh[slot]!, table.keyLow[slot]!, user, nowMs);
  }

  #attach(sticky: Stickiness, slot: number, cause: number): void {
    const table = this.#table;
    if (cause === OK || cause === WRONG) sticky.attach(table.user[slot]!, table.target[slot]!, table.generation[slot]!);
    else if (cause === CONNECTION_RESET || cause === REFUSED) sticky.detach(table.user[slot]!);
  }

  #note(slot: number, cause: number, originService: number, originCause: number): void {
    const table = this.#table;
    table.cause[slot] = cause;
    table.originService[slot] = originService;
    table.originCause[slot] = originCause;
    this.#errors?.apply(table, slot);
  }
}

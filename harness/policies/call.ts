// One call policy of one caller as a machine: it composes, outer to inner,
//
//   timeout (whole call) ► retry with budget and back-off ► circuit breaker ► load balancer ► attempt timeout
//
// The calls in flight are slots of the caller's CallTable; what the machine decides leaves through the table's
// outputs (SEND, ABANDON, END). Hot code: nothing is allocated per call.
import { mixHigh, mixLow } from "../core/key.ts";
import type { CallPlan } from "../model/call-plan.ts";
import { CANCELLED, CIRCUIT_OPEN, NO_HEALTHY_HOST, OK, TIMEOUT, WRONG } from "../model/outcome.ts";
import { Backoff } from "./backoff.ts";
import type { CallMeter } from "./call-meter.ts";
import {
  ABANDON,
  BACKING_OFF,
  type CallTable,
  DECIDED,
  END,
  FINISHED,
  FREE,
  IN_FLIGHT,
  LEFT,
  SEND,
} from "./call-table.ts";
import { CircuitBreaker, isBreakerFailure } from "./circuit-breaker.ts";
import { type Endpoint, LoadBalancer } from "./load-balancer.ts";
import { Retry } from "./retry.ts";
import { RetryBudget } from "./retry-budget.ts";
import { DueQueue } from "./timers.ts";

/** The endpoint of an attempt that never left, or that was given up. */
const NOWHERE = -1;

/** No further attempt. */
const NEVER = -1;

export class CallMachine {
  readonly plan: CallPlan;
  readonly #table: CallTable;
  readonly #meter: CallMeter;
  /** The caller's own service, blamed where its own deadline had passed before it could call; −1 for a load. */
  readonly #ownService: number;
  readonly #timeoutMs: number;
  readonly #attemptTimeoutMs: number;
  readonly #retry: Retry;
  readonly #backoff: Backoff | null;
  readonly #budget: RetryBudget | null;
  readonly #breaker: CircuitBreaker | null;
  readonly #balancer: LoadBalancer;
  readonly #timers = new DueQueue();
  /** Where the last failed attempt's failure began: what an open circuit passes on. */
  #lastOriginService: number;
  #lastOriginCause = CIRCUIT_OPEN;
  /** No timer is due before this. */
  #quietUntilMs = Infinity;

  /** `callee` and `caller` are stable numbers for the load balancer (see there). */
  constructor(
    plan: CallPlan,
    table: CallTable,
    meter: CallMeter,
    options: { seed: number; callee: number; caller: number; ownService: number },
  ) {
    this.plan = plan;
    this.#table = table;
    this.#meter = meter;
    this.#ownService = options.ownService;
    this.#timeoutMs = plan.timeoutMs ?? Infinity;
    this.#attemptTimeoutMs = plan.attemptTimeoutMs ?? Infinity;
    this.#retry = new Retry(plan.retry);
    this.#backoff = plan.retry?.backoff ? new Backoff(plan.retry.backoff) : null;
    this.#budget = plan.retry?.budget ? new RetryBudget(plan.retry.budget) : null;
    this.#breaker = plan.circuitBreaker ? new CircuitBreaker(plan.circuitBreaker) : null;
    this.#balancer = new LoadBalancer(plan.loadBalancer, options.seed, options.callee, options.caller);
    this.#lastOriginService = plan.callee;
  }

  get breaker(): CircuitBreaker | null {
    return this.#breaker;
  }

  route(endpoints: readonly Endpoint[], weights: readonly number[] | null): void {
    this.#balancer.route(endpoints, weights);
  }

  /** Begins the call in `slot`, whose owner, operation, call key, user, depth and own deadline are filled in. `boundMs`: no attempt outlives it. */
  begin(nowMs: number, slot: number, boundMs: number): void {
    const table = this.#table;
    table.attempts[slot] = 0;
    table.backoffMs[slot] = 0;
    table.callDueMs[slot] = Math.min(nowMs + this.#timeoutMs, boundMs);
    this.#meter.callBegan();
    this.#budget?.deposit(nowMs);
    if (boundMs <= nowMs)
      this.#finish(slot, TIMEOUT, this.#ownService < 0 ? this.plan.callee : this.#ownService, TIMEOUT);
    else this.#attempt(nowMs, slot);
  }

  /** The answer to the slot's current attempt. */
  answered(
    nowMs: number,
    slot: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void {
    const table = this.#table;
    if (cause === OK || cause === WRONG) {
      table.isDegraded[slot] = isDegraded ? 1 : 0;
      table.slowService[slot] = slowService;
      table.slowOwnUs[slot] = slowOwnUs;
    }
    if (this.#settle(nowMs, slot, cause, originService, originCause)) this.#attempt(nowMs, slot);
  }

  /** The owner no longer wants the result: permits are given back, the callee is told. The owner frees the slot. */
  cancel(nowMs: number, slot: number): void {
    const table = this.#table;
    if (table.state[slot] === IN_FLIGHT) {
      this.#breaker?.release(nowMs);
      this.#leave(slot);
      this.#meter.attemptEnded(CANCELLED, false, nowMs - table.attemptStartMs[slot]!);
    }
    if (table.state[slot] !== FINISHED) this.#meter.callEnded(CANCELLED);
    table.state[slot] = FREE;
  }

  /** A lower bound of the time of the next timer; Infinity = none. */
  nextWakeup(): number {
    return this.#breaker === null ? this.#quietUntilMs : Math.min(this.#quietUntilMs, this.#breaker.nextWakeup());
  }

  /** Handles the first timer that is due by `dueMs`, if any; `nowMs` is later only after a standstill. */
  wake(dueMs: number, nowMs: number): void {
    const { timer, state } = this.#table;
    this.#breaker?.wake(dueMs);
    if (this.#timers.nextDue(timer) <= dueMs) {
      const slot = this.#timers.pop();
      timer[slot]!++;
      if (state[slot] === BACKING_OFF) this.#attempt(nowMs, slot);
      else if (state[slot] === IN_FLIGHT) {
        this.#leave(slot);
        if (this.#settle(nowMs, slot, TIMEOUT, this.plan.callee, TIMEOUT)) this.#attempt(nowMs, slot);
      }
    }
    this.#quietUntilMs = this.#timers.nextDue(timer);
  }

  /** Makes the next attempt; where it finds nowhere to go, also those that follow at once. */
  #attempt(nowMs: number, slot: number): void {
    const table = this.#table;
    do {
      const attempt = ++table.attempts[slot]!;
      table.serial[slot]!++;
      table.keyHigh[slot] = mixHigh(table.callHigh[slot]!, table.callLow[slot]!, attempt);
      table.keyLow[slot] = mixLow(table.callHigh[slot]!, table.callLow[slot]!, attempt);
      table.attemptStartMs[slot] = nowMs;
      table.endpoint[slot] = NOWHERE;
      table.visit[slot] = -1;
      if (this.#breaker !== null && !this.#breaker.tryAcquire(nowMs)) {
        this.#meter.attemptEnded(CIRCUIT_OPEN, this.#lastOriginService === this.plan.callee, 0);
        this.#finish(slot, CIRCUIT_OPEN, this.#lastOriginService, this.#lastOriginCause);
        return;
      }
      const endpoint = this.#balancer.pick(table.keyHigh[slot], table.keyLow[slot], table.user[slot]!);
      if (endpoint >= 0) {
        this.#send(nowMs, slot, endpoint);
        return;
      }
    } while (this.#settle(nowMs, slot, NO_HEALTHY_HOST, this.plan.callee, NO_HEALTHY_HOST));
  }

  #send(nowMs: number, slot: number, endpoint: number): void {
    const table = this.#table;
    this.#balancer.started(endpoint);
    this.#meter.attemptSent();
    table.endpoint[slot] = endpoint;
    table.target[slot] = this.#balancer.instanceOf(endpoint);
    table.generation[slot] = this.#balancer.generationOf(endpoint);
    const dueMs = Math.min(nowMs + this.#attemptTimeoutMs, table.callDueMs[slot]!);
    table.deadlineMs[slot] = Math.min(dueMs, table.ownDeadlineMs[slot]!);
    table.state[slot] = IN_FLIGHT;
    table.departure[slot] = DECIDED;
    if (dueMs < Infinity) this.#arm(slot, dueMs);
    table.emit(slot, SEND);
  }

  /** An attempt has ended: books it. The call then ends or waits for its back-off, or (true) goes on with an attempt at once. */
  #settle(nowMs: number, slot: number, cause: number, originService: number, originCause: number): boolean {
    const table = this.#table;
    const durationMs = nowMs - table.attemptStartMs[slot]!;
    this.#meter.attemptEnded(cause, originService === this.plan.callee, durationMs);
    this.#breaker?.settle(nowMs, durationMs, isBreakerFailure(cause));
    if (table.endpoint[slot] !== NOWHERE) this.#balancer.ended(table.endpoint[slot]!);
    if (cause === OK || cause === WRONG) {
      this.#finish(slot, cause, originService, originCause);
      return false;
    }
    this.#lastOriginService = originService;
    this.#lastOriginCause = originCause;
    const delayMs = this.#retryDelayMs(nowMs, slot, cause);
    if (delayMs === NEVER) {
      this.#finish(slot, cause, originService, originCause);
      return false;
    }
    if (delayMs === 0) return true;
    table.state[slot] = BACKING_OFF;
    this.#arm(slot, nowMs + delayMs);
    return false;
  }

  /** How long to wait before another attempt, which the budget has then paid for; NEVER where there is none. */
  #retryDelayMs(nowMs: number, slot: number, cause: number): number {
    const table = this.#table;
    const attempts = table.attempts[slot]!;
    if (attempts >= this.#retry.maxAttempts || !this.#retry.isRetryable(cause)) return NEVER;
    let delayMs = 0;
    if (this.#backoff !== null) {
      delayMs = this.#backoff.delayMs(attempts, table.backoffMs[slot]!, table.callHigh[slot]!, table.callLow[slot]!);
      table.backoffMs[slot] = delayMs;
    }
    // Nobody would still be waiting when the next attempt begins.
    if (nowMs + delayMs >= table.callDueMs[slot]!) return NEVER;
    if (this.#budget !== null && !this.#budget.tryWithdraw(nowMs)) {
      this.#meter.retryDenied();
      return NEVER;
    }
    return delayMs;
  }

  #finish(slot: number, cause: number, originService: number, originCause: number): void {
    const table = this.#table;
    table.state[slot] = FINISHED;
    table.timer[slot]!++;
    table.cause[slot] = cause;
    table.originService[slot] = originService;
    table.originCause[slot] = originCause;
    if (cause !== OK && cause !== WRONG) {
      table.isDegraded[slot] = 0;
      table.slowService[slot] = originService;
      table.slowOwnUs[slot] = 0;
    }
    this.#meter.callEnded(cause);
    table.emit(slot, END);
  }

  /** An attempt that is under way is given up; its callee is told, unless it never got out. */
  #leave(slot: number): void {
    const table = this.#table;
    this.#balancer.ended(table.endpoint[slot]!);
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

  #arm(slot: number, dueMs: number): void {
    const timer = ++this.#table.timer[slot]!;
    this.#timers.add(dueMs, slot, timer);
    if (dueMs < this.#quietUntilMs) this.#quietUntilMs = dueMs;
  }
}

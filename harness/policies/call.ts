// One call policy of one caller as a machine: it composes, outer to inner,
//
//   throttle, rate limiter ► timeout (whole call) ► retry with budget and back-off ► hedge (hedging.ts) ► the attempts
//   └───── call-gate.ts ─┘
//   an attempt (attempts.ts): circuit breaker ► bulkhead, limits ► load balancer ► attempt timeout
//
// The calls in flight are slots of the caller's CallTable; what the machine decides leaves through the table's
// outputs (SEND, ABANDON, END). Hot code: nothing is allocated per call.
import type { CallPlan } from "../model/call-plan.ts";
import { CANCELLED, OK, RATE_LIMIT, SHED, TIMEOUT, WRONG } from "../model/outcome.ts";
import { Attempts } from "./attempts.ts";
import { Backoff } from "./backoff.ts";
import { type CallGate, gateOf } from "./call-gate.ts";
import type { CallMeter } from "./call-meter.ts";
import {
  ACQUIRING,
  ADMITTED,
  BACKING_OFF,
  type CallTable,
  END,
  FINISHED,
  FREE,
  HEDGING,
  IN_FLIGHT,
  NO_SLOT,
  WAITING,
} from "./call-table.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { Endpoint } from "./endpoint-slots.ts";
import { Hedging } from "./hedging.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { Retry } from "./retry.ts";
import { RetryBudget, UNPAID } from "./retry-budget.ts";
import type { Stickiness } from "./stickiness.ts";
import { SlotTimers } from "./slot-timers.ts";

/** No further attempt. */
const NEVER = -1;

export class CallMachine {
  readonly plan: CallPlan;
  readonly #table: CallTable;
  readonly #meter: CallMeter;
  /** The caller's own service, blamed where its own deadline had passed before it could call; −1 for a load. */
  readonly #ownService: number;
  readonly #timeoutMs: number;
  readonly #gate: CallGate | null;
  readonly #attempts: Attempts;
  readonly #hedging: Hedging | null;
  readonly #retry: Retry;
  readonly #backoff: Backoff | null;
  readonly #budget: RetryBudget | null;
  readonly #timers: SlotTimers;

  /** `callee` and `caller` are stable numbers for the load balancer (see there). */
  constructor(
    plan: CallPlan,
    table: CallTable,
    meter: CallMeter,
    options: {
      seed: number;
      callee: number;
      caller: number;
      ownService: number;
      zone: number;
      sticky?: Stickiness | null;
    },
  ) {
    this.plan = plan;
    this.#table = table;
    this.#meter = meter;
    this.#ownService = options.ownService;
    this.#timeoutMs = plan.timeoutMs ?? Infinity;
    this.#gate = gateOf(plan);
    this.#retry = new Retry(plan.retry);
    this.#backoff = plan.retry?.backoff ? new Backoff(plan.retry.backoff) : null;
    this.#budget = budgetOf(plan);
    this.#timers = new SlotTimers(table);
    this.#attempts = new Attempts(plan, table, meter, this.#timers, options);
    this.#hedging = plan.hedge ? new Hedging(plan.hedge, table, this.#attempts, this.#timers, meter) : null;
  }

  get balancer(): LoadBalancer {
    return this.#attempts.balancer;
  }

  get pool(): ConnectionPool | null {
    return this.#attempts.pool;
  }

  get breaker(): CircuitBreaker | null {
    return this.#attempts.breaker;
  }

  route(endpoints: readonly Endpoint[], weights: readonly number[] | null): void {
    this.#attempts.route(endpoints, weights);
  }

  /** Whether the user is attached to an instance that can no longer be reached. */
  hasLost(user: number): boolean {
    return this.#attempts.hasLost(user);
  }

  /** How many instances of the caller's own service there are, by zone index. */
  callersPerZone(instances: readonly number[]): void {
    this.#attempts.callersPerZone(instances);
  }

  /** Begins the call in `slot`, whose owner, operation, call key, user, depth and own deadline are filled in. `boundMs`: no attempt outlives it. */
  begin(nowMs: number, slot: number, boundMs: number): void {
    const table = this.#table;
    table.attempts[slot] = 0;
    table.backoffMs[slot] = 0;
    table.paid[slot] = UNPAID;
    table.callDueMs[slot] = Math.min(nowMs + this.#timeoutMs, boundMs);
    this.#meter.callBegan();
    this.#budget?.deposit(nowMs);
    this.#hedging?.deposit(nowMs, slot);
    if (boundMs <= nowMs) this.#finish(nowMs, slot, TIMEOUT, this.#self, TIMEOUT);
    else if (this.#gate !== null) this.#enter(nowMs, slot, this.#gate);
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
    this.#settle(nowMs, slot, cause, originService, originCause);
  }

  /** The owner no longer wants the result: permits are given back, the callee is told. The owner frees the slot. */
  cancel(nowMs: number, slot: number): void {
    const table = this.#table;
    const state = table.state[slot]!;
    if (state === IN_FLIGHT || state === WAITING || state === ADMITTED || state === ACQUIRING)
      this.#attempts.cancel(nowMs, slot);
    else if (state === HEDGING) this.#hedging!.cancel(nowMs, slot);
    if (state !== FINISHED) this.#budget?.settle(CANCELLED, false, table.paid[slot]!);
    if (state !== FINISHED) this.#meter.callEnded(CANCELLED);
    table.state[slot] = FREE;
  }

  /** A lower bound of the time of the next timer; Infinity = none. */
  nextWakeup(): number {
    const { breaker } = this.#attempts;
    const { quietUntilMs } = this.#timers;
    return breaker === null ? quietUntilMs : Math.min(quietUntilMs, breaker.nextWakeup());
  }

  /** Handles the first timer that is due by `dueMs`, if any; `nowMs` is later only after a standstill. */
  wake(dueMs: number, nowMs: number): void {
    this.#attempts.breaker?.wake(dueMs);
    const slot = this.#timers.take(dueMs);
    if (slot >= 0) {
      const state = this.#table.state[slot]!;
      if (state === BACKING_OFF) this.#tryNow(nowMs, slot);
      else if (state === HEDGING) this.#hedging!.due(nowMs, slot);
      else if (state === IN_FLIGHT) {
        this.#attempts.giveUp(nowMs, slot);
        this.#settle(nowMs, slot, TIMEOUT, this.plan.callee, TIMEOUT);
      } else if ((state === WAITING || state === ADMITTED) && !this.#attempts.resume(nowMs, slot))
        this.#next(nowMs, slot);
      else if (state === ACQUIRING && !this.#attempts.acquired(nowMs, slot)) this.#next(nowMs, slot);
    }
    this.#timers.settle();
  }

  /** Brings what is recorded of the machine's state up to now, `passedMs` after the last time. */
  observe(nowMs: number, passedMs: number): void {
    const waitedMs = this.#attempts.takeWaitedMs(nowMs);
    if (waitedMs > 0) this.#meter.waited(waitedMs);
    const throttle = this.#gate?.throttle ?? null;
    if (throttle !== null) this.#meter.throttled(throttle.probability(nowMs), passedMs);
  }

  /** Whom the caller's own rules are charged to: its service, or the callee where it is a load. */
  get #self(): number {
    return this.#ownService < 0 ? this.plan.callee : this.#ownService;
  }

  /** A call goes to the gate: it may try at once, or at its turn, or not at all. */
  #enter(nowMs: number, slot: number, gate: CallGate): void {
    const table = this.#table;
    const waitMs = gate.enter(nowMs, table.callHigh[slot]!, table.callLow[slot]!);
    if (waitMs === 0) this.#attempt(nowMs, slot);
    else if (waitMs > 0) {
      table.state[slot] = BACKING_OFF;
      this.#timers.arm(slot, Math.min(nowMs + waitMs, table.callDueMs[slot]!));
    } else if (waitMs === -SHED) {
      // As an open circuit does, a throttle passes on why it holds back.
      const { lastOriginService, lastOriginCause } = this.#attempts;
      this.#meter.attemptRefused(SHED, lastOriginService === this.plan.callee);
      this.#finish(nowMs, slot, SHED, lastOriginService, lastOriginCause);
    } else {
      this.#meter.attemptRefused(RATE_LIMIT, this.#ownService < 0);
      this.#finish(nowMs, slot, RATE_LIMIT, this.#self, RATE_LIMIT);
    }
  }

  /** A wait is over: it was a back-off, which ends before the call is due, or for a turn that comes too late. */
  #tryNow(nowMs: number, slot: number): void {
    const { attempts, callDueMs } = this.#table;
    if (attempts[slot] === 0 && nowMs >= callDueMs[slot]!) this.#finish(nowMs, slot, TIMEOUT, this.#self, RATE_LIMIT);
    else this.#attempt(nowMs, slot);
  }

  /** Makes the next attempt; where it is over at once, also those that follow at once. */
  #attempt(nowMs: number, slot: number): void {
    const attempts = this.#hedging ?? this.#attempts;
    while (!attempts.begin(nowMs, slot)) if (!this.#goesOn(nowMs, slot)) return;
  }

  #settle(nowMs: number, slot: number, cause: number, originService: number, originCause: number): void {
    this.#attempts.settle(nowMs, slot, cause, originService, originCause);
    this.#next(nowMs, slot);
  }

  /** After an attempt that is over; others of a hedged call may still be out. */
  #next(nowMs: number, slot: number): void {
    const call = this.#hedging === null ? slot : this.#hedging.ended(nowMs, slot);
    if (call !== NO_SLOT && this.#goesOn(nowMs, call)) this.#attempt(nowMs, call);
  }

  /** An attempt is over, as the slot's cause says. The call then ends or waits for its back-off, or (true) goes on with an attempt at once. */
  #goesOn(nowMs: number, slot: number): boolean {
    const table = this.#table;
    const cause = table.cause[slot]!;
    this.#budget?.settle(cause, this.#retry.isRetryable(cause), table.paid[slot]!);
    const delayMs = cause === OK || cause === WRONG ? NEVER : this.#retryDelayMs(nowMs, slot, cause);
    if (delayMs === NEVER) this.#finish(nowMs, slot, cause, table.originService[slot]!, table.originCause[slot]!);
    else if (delayMs > 0) {
      table.state[slot] = BACKING_OFF;
      this.#timers.arm(slot, nowMs + delayMs);
    }
    return delayMs === 0;
  }

  /** How long to wait before another attempt, which the budget has then paid for; NEVER where there is none. */
  #retryDelayMs(nowMs: number, slot: number, cause: number): number {
    const table = this.#table;
    const attempts = table.attempts[slot]! - (this.#hedging === null ? 0 : table.hedges[slot]!);
    if (attempts >= this.#retry.maxAttempts || !this.#retry.isRetryable(cause)) return NEVER;
    let delayMs = 0;
    if (this.#backoff !== null) {
      delayMs = this.#backoff.delayMs(attempts, table.backoffMs[slot]!, table.callHigh[slot]!, table.callLow[slot]!);
      table.backoffMs[slot] = delayMs;
    }
    // Nobody would still be waiting when the next attempt begins.
    if (nowMs + delayMs >= table.callDueMs[slot]!) return NEVER;
    if (this.#budget !== null) {
      if (!this.#budget.tryWithdraw(nowMs, cause, this.#attempts.underWay)) {
        this.#meter.retryDenied();
        return NEVER;
      }
      table.paid[slot] = this.#budget.price(cause);
    }
    return delayMs;
  }

  #finish(nowMs: number, slot: number, cause: number, originService: number, originCause: number): void {
    const table = this.#table;
    table.state[slot] = FINISHED;
    this.#timers.disarm(slot);
    table.cause[slot] = cause;
    table.originService[slot] = originService;
    table.originCause[slot] = originCause;
    if (cause !== OK && cause !== WRONG) {
      table.isDegraded[slot] = 0;
      table.slowService[slot] = originService;
      table.slowOwnUs[slot] = 0;
    }
    this.#gate?.ended(nowMs, cause);
    this.#meter.callEnded(cause);
    table.emit(slot, END);
  }
}

/** The budget of the retries; without one, what Envoy's limits allow. */
function budgetOf({ retry, limits }: CallPlan): RetryBudget | null {
  if (retry === null) return null;
  if (retry.budget !== null) return new RetryBudget(retry.budget);
  const maxRetries = limits?.maxRetries ?? null;
  return maxRetries === null ? null : new RetryBudget({ type: "concurrency", ratio: 0, minConcurrency: maxRetries });
}

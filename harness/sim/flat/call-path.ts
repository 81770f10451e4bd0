// How calls are made, for all callers at once: policies/call.ts and the sending half of actor/caller.ts, over flat
// records. Whether an attempt may leave, where it goes and whether it is tried again is decided by the same machines
// (breaker, balancer, retry, budget, back-off); test/sim/flat holds the two to the same bytes. Hot code.
import { IntRing } from "../../core/int-ring.ts";
import { mixHigh, mixLow } from "../../core/key.ts";
import { CANCELLED, CIRCUIT_OPEN, NO_HEALTHY_HOST, OK, TIMEOUT, WRONG } from "../../model/outcome.ts";
import { isBreakerFailure } from "../../policies/circuit-breaker.ts";
import { EDGE } from "../../signals/columns.ts";
import {
  CALL,
  CALL_REAL,
  CALL_REAL_SHIFT,
  CALL_STATE,
  NONE,
  POLICY,
  POLICY_REAL,
  POLICY_REAL_SHIFT,
  POLICY_WIDTH_SHIFT,
  UNIT,
  VISIT,
} from "./fields.ts";
import { Departures } from "./departures.ts";
import type { Fleet } from "./fleet.ts";
import { KINDS } from "./mail.ts";
import { IRREGULAR } from "./timers.ts";

/** Outputs: `call | kind`. */
const SEND = 0;
const GIVE_UP = 1;
const END = 2;

export class CallPath {
  readonly #fleet: Fleet;
  readonly #departures: Departures;
  readonly #outputs = new IntRing();
  /** Calls that are free as soon as no output speaks of them any more. */
  readonly #freed = new IntRing();
  #begun = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#departures = new Departures(fleet);
  }

  /**
   * A new call by `policy`; its key, owner, operation, user, depth and `ownDeadlineMs` are for the caller to fill in
   * before `begin`.
   */
  allocate(policy: number): number {
    const { calls } = this.#fleet;
    const call = calls.allocate();
    calls.int[call + CALL.policy] = policy;
    calls.int[call + CALL.order] = this.#begun;
    this.#begun = (this.#begun + 1) | 0;
    return call;
  }

  /** `isBound` 1: no attempt outlives the call's own deadline. */
  begin(call: number, isBound: number): void {
    const { calls, policies, machines, tally, clock } = this.#fleet;
    const int = calls.int;
    const real = calls.real;
    const at = call >> CALL_REAL_SHIFT;
    const nowMs = clock[0]!;
    const policy = int[call + CALL.policy]!;
    int[call + CALL.attempts] = 0;
    real[at + CALL_REAL.backoffMs] = 0;
    const boundMs = isBound === 1 ? real[at + CALL_REAL.ownDeadlineMs]! : Infinity;
    const wholeMs = nowMs + policies.real[(policy >> POLICY_REAL_SHIFT) + POLICY_REAL.timeoutMs]!;
    real[at + CALL_REAL.callDueMs] = wholeMs < boundMs ? wholeMs : boundMs;
    tally.edges[policies.int[policy + POLICY.firstColumn]! + EDGE.calls]!++;
    const { budget } = machines[policy >> POLICY_WIDTH_SHIFT]!;
    if (budget !== null) budget.deposit(nowMs);
    if (boundMs > nowMs) this.#attempt(call);
    else {
      const ownService = this.#fleet.units.int[policies.int[policy + POLICY.unit]! + UNIT.service]!;
      this.#finish(call, TIMEOUT, ownService < 0 ? policies.int[policy + POLICY.callee]! : ownService, TIMEOUT);
    }
  }

  /** The answer to a call's attempt has arrived: `visit` says what it was. One that comes too late is ignored. */
  answered(visit: number): void {
    const { visits, calls } = this.#fleet;
    const answer = visits.int;
    const int = calls.int;
    const call = answer[visit + VISIT.call]!;
    if (int[call + CALL.serial] !== answer[visit + VISIT.callSerial]) return;
    if (int[call + CALL.state] !== CALL_STATE.inFlight) return;
    const cause = answer[visit + VISIT.cause]!;
    if (cause === OK || cause === WRONG) {
      int[call + CALL.isDegraded] = answer[visit + VISIT.isDegraded]!;
      int[call + CALL.slowService] = answer[visit + VISIT.slowService]!;
      int[call + CALL.slowOwnUs] = answer[visit + VISIT.slowOwnUs]!;
    }
    if (this.#settle(call, cause, answer[visit + VISIT.originService]!, answer[visit + VISIT.originCause]!))
      this.#attempt(call);
  }

  /** The timer of a call has fired. */
  wake(call: number): void {
    const int = this.#fleet.calls.int;
    int[call + CALL.timer]!++;
    const state = int[call + CALL.state]!;
    if (state === CALL_STATE.backingOff) this.#attempt(call);
    else if (state === CALL_STATE.inFlight) {
      this.#giveUp(call);
      const callee = this.#fleet.policies.int[int[call + CALL.policy]! + POLICY.callee]!;
      if (this.#settle(call, TIMEOUT, callee, TIMEOUT)) this.#attempt(call);
    }
  }

  /** The owner of a call no longer wants it; the call is free after that. */
  drop(call: number): void {
    const { calls, policies, machines, tally, clock } = this.#fleet;
    const int = calls.int;
    const policy = int[call + CALL.policy]!;
    const column = policies.int[policy + POLICY.firstColumn]!;
    if (int[call + CALL.state] === CALL_STATE.inFlight) {
      machines[policy >> POLICY_WIDTH_SHIFT]!.breaker?.release(clock[0]!);
      this.#giveUp(call);
      tally.edges[column + EDGE.attemptPassed + CANCELLED]!++;
    }
    if (int[call + CALL.state] !== CALL_STATE.finished) tally.edges[column + EDGE.call + CANCELLED]!++;
    this.free(call);
  }

  free(call: number): void {
    const { calls } = this.#fleet;
    calls.int[call + CALL.state] = CALL_STATE.free;
    calls.int[call + CALL.timer]!++;
    this.#freed.push(call);
  }

  /** Sends what was decided; returns the next call that has ended (its owner frees it), or NONE. */
  take(): number {
    const outputs = this.#outputs;
    while (outputs.length > 0) {
      const output = outputs.shift();
      const kind = output & KINDS;
      const call = output - kind;
      const int = this.#fleet.calls.int;
      if (kind === SEND) {
        if (int[call + CALL.hasLeft] === 0) this.#departures.leave(call);
      } else if (kind === GIVE_UP) this.#departures.tellGivenUp(call);
      else if (int[call + CALL.state] === CALL_STATE.finished) return call;
    }
    while (this.#freed.length > 0) this.#fleet.calls.release(this.#freed.shift());
    return NONE;
  }

  #attempt(call: number): void {
    const { calls, policies, machines, tally, clock } = this.#fleet;
    const int = calls.int;
    const policy = int[call + CALL.policy]!;
    const { breaker, balancer } = machines[policy >> POLICY_WIDTH_SHIFT]!;
    for (;;) {
      const attempt = ++int[call + CALL.attempts]!;
      const high = int[call + CALL.callHigh]!;
      const low = int[call + CALL.callLow]!;
      const keyHigh = mixHigh(high, low, attempt);
      const keyLow = mixLow(high, low, attempt);
      int[call + CALL.serial]!++;
      int[call + CALL.keyHigh] = keyHigh;
      int[call + CALL.keyLow] = keyLow;
      calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.attemptStartMs] = clock[0]!;
      int[call + CALL.endpoint] = NONE;
      if (breaker !== null && !breaker.tryAcquire(clock[0]!)) {
        const column = policies.int[policy + POLICY.firstColumn]!;
        const origin = policies.int[policy + POLICY.lastOriginService]!;
        const isOwn = origin === policies.int[policy + POLICY.callee];
        tally.edges[column + (isOwn ? EDGE.attemptOwn : EDGE.attemptPassed) + CIRCUIT_OPEN]!++;
        this.#finish(call, CIRCUIT_OPEN, origin, policies.int[policy + POLICY.lastOriginCause]!);
        return;
      }
      const endpoint = balancer.pick(keyHigh, keyLow, int[call + CALL.user]!);
      if (endpoint >= 0) {
        balancer.started(endpoint);
        int[call + CALL.endpoint] = endpoint;
        this.#decide(call, policy);
        return;
      }
      const callee = policies.int[policy + POLICY.callee]!;
      if (!this.#settle(call, NO_HEALTHY_HOST, callee, NO_HEALTHY_HOST)) return;
    }
  }

  /** The attempt is to leave for its endpoint. */
  #decide(call: number, policy: number): void {
    const { calls, policies, tally, timers, clock } = this.#fleet;
    const int = calls.int;
    const real = calls.real;
    const at = call >> CALL_REAL_SHIFT;
    tally.edges[policies.int[policy + POLICY.firstColumn]! + EDGE.attempts]!++;
    const callDueMs = real[at + CALL_REAL.callDueMs]!;
    const attemptMs = clock[0]! + policies.real[(policy >> POLICY_REAL_SHIFT) + POLICY_REAL.attemptTimeoutMs]!;
    const dueMs = attemptMs < callDueMs ? attemptMs : callDueMs;
    const ownMs = real[at + CALL_REAL.ownDeadlineMs]!;
    real[at + CALL_REAL.deadlineMs] = dueMs < ownMs ? dueMs : ownMs;
    int[call + CALL.state] = CALL_STATE.inFlight;
    int[call + CALL.hasLeft] = 0;
    if (attemptMs <= callDueMs) {
      if (attemptMs < Infinity) timers.arm(call, policies.int[policy + POLICY.timerLane]!);
    } else {
      real[at + CALL_REAL.timerMs] = callDueMs;
      timers.arm(call, IRREGULAR);
    }
    this.#outputs.push(call | SEND);
  }

  /** An attempt has ended: books it. The call then ends or waits for its back-off, or (true) goes on with an attempt at once. */
  #settle(call: number, cause: number, originService: number, originCause: number): boolean {
    const { calls, policies, machines, tally, clock } = this.#fleet;
    const int = calls.int;
    const nowMs = clock[0]!;
    const policy = int[call + CALL.policy]!;
    const column = policies.int[policy + POLICY.firstColumn]!;
    const durationMs = nowMs - calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.attemptStartMs]!;
    const isOwn = originService === policies.int[policy + POLICY.callee];
    const { edges } = tally;
    edges[column + (isOwn ? EDGE.attemptOwn : EDGE.attemptPassed) + cause]!++;
    if (cause !== TIMEOUT && cause !== NO_HEALTHY_HOST) {
      edges[column + EDGE.latencyMs]! += durationMs;
      tally.edgeLatency.record(policies.int[policy + POLICY.edge]!, durationMs);
    }
    const { breaker, balancer } = machines[policy >> POLICY_WIDTH_SHIFT]!;
    if (breaker !== null) breaker.settle(nowMs, durationMs, isBreakerFailure(cause));
    const endpoint = int[call + CALL.endpoint]!;
    if (endpoint !== NONE) balancer.ended(endpoint);
    if (cause === OK || cause === WRONG) {
      this.#finish(call, cause, originService, originCause);
      return false;
    }
    policies.int[policy + POLICY.lastOriginService] = originService;
    policies.int[policy + POLICY.lastOriginCause] = originCause;
    return this.#isTriedAgain(call, policy, cause, originService, originCause);
  }

  /** Whether another attempt follows at once; one that follows later has its timer, and a call that has failed is finished. */
  #isTriedAgain(call: number, policy: number, cause: number, originService: number, originCause: number): boolean {
    const { calls, machines, policies, tally, timers, clock } = this.#fleet;
    const { int, real } = calls;
    const at = call >> CALL_REAL_SHIFT;
    const { retry, backoff, budget } = machines[policy >> POLICY_WIDTH_SHIFT]!;
    const attempts = int[call + CALL.attempts]!;
    let mayRetry = attempts < policies.int[policy + POLICY.maxAttempts]! && retry.isRetryable(cause);
    let delayMs = 0;
    if (mayRetry && backoff !== null) {
      const previousMs = real[at + CALL_REAL.backoffMs]!;
      delayMs = backoff.delayMs(attempts, previousMs, int[call + CALL.callHigh]!, int[call + CALL.callLow]!);
      real[at + CALL_REAL.backoffMs] = delayMs;
    }
    if (mayRetry && clock[0]! + delayMs >= real[at + CALL_REAL.callDueMs]!) mayRetry = false;
    if (mayRetry && budget !== null && !budget.tryWithdraw(clock[0]!)) {
      tally.edges[policies.int[policy + POLICY.firstColumn]! + EDGE.retriesDenied]!++;
      mayRetry = false;
    }
    if (!mayRetry) {
      this.#finish(call, cause, originService, originCause);
      return false;
    }
    if (delayMs === 0) return true;
    int[call + CALL.state] = CALL_STATE.backingOff;
    real[at + CALL_REAL.timerMs] = clock[0]! + delayMs;
    timers.arm(call, IRREGULAR);
    return false;
  }

  #finish(call: number, cause: number, originService: number, originCause: number): void {
    const { calls, policies, tally } = this.#fleet;
    const int = calls.int;
    int[call + CALL.state] = CALL_STATE.finished;
    int[call + CALL.timer]!++;
    int[call + CALL.cause] = cause;
    int[call + CALL.originService] = originService;
    int[call + CALL.originCause] = originCause;
    if (cause !== OK && cause !== WRONG) {
      int[call + CALL.isDegraded] = 0;
      int[call + CALL.slowService] = originService;
      int[call + CALL.slowOwnUs] = 0;
    }
    tally.edges[policies.int[int[call + CALL.policy]! + POLICY.firstColumn]! + EDGE.call + cause]!++;
    this.#outputs.push(call | END);
  }

  /** The present attempt is given up; its callee is told, unless it never got out. */
  #giveUp(call: number): void {
    const { calls, machines } = this.#fleet;
    const int = calls.int;
    machines[int[call + CALL.policy]! >> POLICY_WIDTH_SHIFT]!.balancer.ended(int[call + CALL.endpoint]!);
    int[call + CALL.endpoint] = NONE;
    if (int[call + CALL.hasLeft] === 0) {
      int[call + CALL.hasLeft] = 1;
      return;
    }
    int[call + CALL.abandonedVisit] = int[call + CALL.visit]!;
    int[call + CALL.abandonedSerial] = int[call + CALL.visitSerial]!;
    this.#outputs.push(call | GIVE_UP);
  }
}

// How calls are made, for all callers at once: policies/call.ts and the sending half of actor/caller.ts, over flat
// records. Whether an attempt may leave, where it goes and whether it is tried again is decided by the same machines
// (breaker, balancer, retry, budget, back-off); test/sim/flat holds the two to the same bytes. Hot code.
import { highState, lowState, mixHigh, mixLow, mixState } from "../../core/key.ts";
import { CANCELLED, CIRCUIT_OPEN, NO_HEALTHY_HOST, OK, TIMEOUT, WRONG } from "../../model/outcome.ts";
import { isBreakerFailure } from "../../policies/circuit-breaker.ts";
import { EDGE } from "../../signals/columns.ts";
import * as CALL from "./fields/call.ts";
import * as CALL_REAL from "./fields/call-real.ts";
import * as CALL_STATE from "./fields/call-state.ts";
import * as FLAG from "./fields/flag.ts";
import * as POLICY from "./fields/policy.ts";
import * as POLICY_REAL from "./fields/policy-real.ts";
import * as STRAND from "./fields/strand.ts";
import * as UNIT from "./fields/unit.ts";
import * as VISIT from "./fields/visit.ts";
import * as VISIT_REAL from "./fields/visit-real.ts";
import * as VISIT_STATE from "./fields/visit-state.ts";
import { NONE, POLICY_REAL_SHIFT, POLICY_WIDTH_SHIFT, REAL_SHIFT } from "./fields/widths.ts";
import { MACHINES, RUN } from "./fleet.ts";
import {
  allocate,
  CALLS,
  CLOCK,
  COUNT,
  EDGES,
  INT,
  NOW,
  POLICIES,
  POLICY_REALS,
  REAL,
  release,
  SENDING,
  UNITS,
} from "./memory.ts";
import { END, GIVE_UP, putOut, putOutSend } from "./outputs.ts";
import { recordLatency } from "./latency.ts";
import { choose, leaveEndpoint } from "./routes.ts";
import { armTimer, cancelTimer } from "./timers.ts";

const FIRST_HIGH = highState(1);
const FIRST_LOW = lowState(1);

/**
 * A new call by `policy`; its key, owner, operation, user, depth and `ownDeadlineMs` are for the caller to fill in
 * before `beginCall`.
 */
export function newCall(policy: number): number {
  const call = allocate();
  INT[call + CALL.policy] = policy;
  INT[call + CALL.timerNext] = NONE;
  const order = COUNT[CALLS]!;
  INT[call + CALL.order] = order;
  COUNT[CALLS] = (order + 1) | 0;
  return call;
}

/** `isBound` 1: no attempt outlives the call's own deadline. */
export function beginCall(call: number, isBound: number): void {
  const at = call >> REAL_SHIFT;
  const nowMs = CLOCK[NOW]!;
  const policy = INT[call + CALL.policy]!;
  INT[call + CALL.attempts] = 0;
  const boundMs = isBound === 1 ? REAL[at + CALL_REAL.ownDeadlineMs]! : Infinity;
  const wholeMs = nowMs + POLICY_REALS[(policy >> POLICY_REAL_SHIFT) + POLICY_REAL.timeoutMs]!;
  REAL[at + CALL_REAL.callDueMs] = wholeMs < boundMs ? wholeMs : boundMs;
  EDGES[POLICIES[policy + POLICY.firstColumn]! + EDGE.calls]!++;
  if (POLICIES[policy + POLICY.hasRetries] === 1) {
    REAL[at + CALL_REAL.backoffMs] = 0;
    MACHINES[policy >> POLICY_WIDTH_SHIFT]!.budget?.deposit(nowMs);
  }
  if (boundMs > nowMs) attempt(call);
  else {
    const ownService = UNITS[POLICIES[policy + POLICY.unit]! + UNIT.service]!;
    finish(call, TIMEOUT, ownService < 0 ? POLICIES[policy + POLICY.callee]! : ownService, TIMEOUT);
  }
}

/**
 * The answer to a call's attempt has arrived, as the record says. True if the call has ended well: the caller of this
 * tells its owner at once, and forgets it.
 */
export function answered(call: number): boolean {
  INT[call + VISIT.state] = VISIT_STATE.none;
  const cause = INT[call + VISIT.cause]!;
  if (cause === OK || cause === WRONG) {
    bookAttempt(call, cause, INT[call + VISIT.originService]!);
    cancelTimer(call);
    INT[call + CALL.state] = CALL_STATE.finished;
    EDGES[POLICIES[INT[call + CALL.policy]! + POLICY.firstColumn]! + EDGE.call + cause]!++;
    return true;
  }
  if (settle(call, cause, INT[call + VISIT.originService]!, INT[call + VISIT.originCause]!)) attempt(call);
  return false;
}

/** A call that has ended well, and of which nobody knows any more, is free. */
export function forgetCall(call: number): void {
  INT[call + CALL.state] = CALL_STATE.none;
  release(call);
}

/** The timer of a call has fired. */
export function timerFired(call: number): void {
  INT[call + CALL.timer]!++;
  const state = INT[call + CALL.state]!;
  if (state === CALL_STATE.backingOff) attempt(call);
  else if (state === CALL_STATE.inFlight) {
    const going = leaveBehind(call);
    const callee = POLICIES[INT[going + CALL.policy]! + POLICY.callee]!;
    if (settle(going, TIMEOUT, callee, TIMEOUT)) attempt(going);
  }
}

/** The owner of a call no longer wants it, or knows how it ended. */
export function drop(call: number): void {
  const policy = INT[call + CALL.policy]!;
  const column = POLICIES[policy + POLICY.firstColumn]!;
  const state = INT[call + CALL.state]!;
  if (COUNT[SENDING] === call) COUNT[SENDING] = NONE;
  if (state === CALL_STATE.inFlight) {
    MACHINES[policy >> POLICY_WIDTH_SHIFT]!.breaker?.release(CLOCK[NOW]!);
    EDGES[column + EDGE.attemptPassed + CANCELLED]!++;
    leaveEndpoint(call);
    if (INT[call + CALL.hasLeft] === 1) putOut(call | GIVE_UP);
  }
  if (state !== CALL_STATE.finished) EDGES[column + EDGE.call + CANCELLED]!++;
  cancelTimer(call);
  INT[call + CALL.state] = CALL_STATE.none;
  if (INT[call + VISIT.state] === VISIT_STATE.none) release(call);
}

function attempt(call: number): void {
  const policy = INT[call + CALL.policy]!;
  for (;;) {
    const number = ++INT[call + CALL.attempts]!;
    const high = INT[call + CALL.callHigh]!;
    const low = INT[call + CALL.callLow]!;
    const keyHigh = number === 1 ? mixState(FIRST_HIGH, high, low) : mixHigh(high, low, number);
    const keyLow = number === 1 ? mixState(FIRST_LOW, high, low) : mixLow(high, low, number);
    INT[call + VISIT.keyHigh] = keyHigh;
    INT[call + VISIT.keyLow] = keyLow;
    REAL[(call >> REAL_SHIFT) + CALL_REAL.attemptStartMs] = CLOCK[NOW]!;
    INT[call + CALL.endpoint] = NONE;
    if (isForbidden(policy)) {
      const column = POLICIES[policy + POLICY.firstColumn]!;
      const origin = POLICIES[policy + POLICY.lastOriginService]!;
      const isOwn = origin === POLICIES[policy + POLICY.callee];
      EDGES[column + (isOwn ? EDGE.attemptOwn : EDGE.attemptPassed) + CIRCUIT_OPEN]!++;
      finish(call, CIRCUIT_OPEN, origin, POLICIES[policy + POLICY.lastOriginCause]!);
      return;
    }
    if (choose(call, policy)) {
      decide(call, policy);
      return;
    }
    const callee = POLICIES[policy + POLICY.callee]!;
    if (!settle(call, NO_HEALTHY_HOST, callee, NO_HEALTHY_HOST)) return;
  }
}

/** Whether the breaker lets no attempt through. */
function isForbidden(policy: number): boolean {
  if (POLICIES[policy + POLICY.hasBreaker] === 0) return false;
  return !MACHINES[policy >> POLICY_WIDTH_SHIFT]!.breaker!.tryAcquire(CLOCK[NOW]!);
}

/** The attempt is to leave for its endpoint. */
function decide(call: number, policy: number): void {
  const at = call >> REAL_SHIFT;
  EDGES[POLICIES[policy + POLICY.firstColumn]! + EDGE.attempts]!++;
  const callDueMs = REAL[at + CALL_REAL.callDueMs]!;
  const attemptMs = CLOCK[NOW]! + POLICY_REALS[(policy >> POLICY_REAL_SHIFT) + POLICY_REAL.attemptTimeoutMs]!;
  const dueMs = attemptMs < callDueMs ? attemptMs : callDueMs;
  const ownMs = REAL[at + CALL_REAL.ownDeadlineMs]!;
  REAL[at + VISIT_REAL.deadlineMs] = dueMs < ownMs ? dueMs : ownMs;
  INT[call + CALL.state] = CALL_STATE.inFlight;
  INT[call + CALL.hasLeft] = 0;
  if (attemptMs <= callDueMs) {
    if (attemptMs < Infinity) armTimer(call, POLICIES[policy + POLICY.timerLane]!);
  } else {
    REAL[at + CALL_REAL.timerMs] = callDueMs;
    RUN.timers.armIrregular(call);
  }
  putOutSend(call);
}

/** An attempt has failed: books it. The call then ends or waits for its back-off, or (true) goes on with an attempt at once. */
function settle(call: number, cause: number, originService: number, originCause: number): boolean {
  const policy = INT[call + CALL.policy]!;
  bookAttempt(call, cause, originService);
  POLICIES[policy + POLICY.lastOriginService] = originService;
  POLICIES[policy + POLICY.lastOriginCause] = originCause;
  return isTriedAgain(call, policy, cause, originService, originCause);
}

/** An attempt has ended. */
function bookAttempt(call: number, cause: number, originService: number): void {
  const policy = INT[call + CALL.policy]!;
  const column = POLICIES[policy + POLICY.firstColumn]!;
  const start = (call >> REAL_SHIFT) + CALL_REAL.attemptStartMs;
  const durationMs = CLOCK[NOW]! - REAL[start]!;
  const isOwn = originService === POLICIES[policy + POLICY.callee];
  EDGES[column + (isOwn ? EDGE.attemptOwn : EDGE.attemptPassed) + cause]!++;
  if (cause !== TIMEOUT && cause !== NO_HEALTHY_HOST) {
    EDGES[column + EDGE.latencyMs]! += durationMs;
    recordLatency(POLICIES[policy + POLICY.edge]!, start);
  }
  if (POLICIES[policy + POLICY.hasBreaker] === 1) {
    const { breaker } = MACHINES[policy >> POLICY_WIDTH_SHIFT]!;
    breaker!.settle(CLOCK[NOW]!, durationMs, isBreakerFailure(cause));
  }
  leaveEndpoint(call);
}

/** Whether another attempt follows at once; one that follows later has its timer, and a call that has failed is finished. */
function isTriedAgain(
  call: number,
  policy: number,
  cause: number,
  originService: number,
  originCause: number,
): boolean {
  const at = call >> REAL_SHIFT;
  const nowMs = CLOCK[NOW]!;
  const { retry, backoff, budget } = MACHINES[policy >> POLICY_WIDTH_SHIFT]!;
  const attempts = INT[call + CALL.attempts]!;
  let mayRetry = attempts < POLICIES[policy + POLICY.maxAttempts]! && retry.isRetryable(cause);
  let delayMs = 0;
  if (mayRetry && backoff !== null) {
    const previousMs = REAL[at + CALL_REAL.backoffMs]!;
    delayMs = backoff.delayMs(attempts, previousMs, INT[call + CALL.callHigh]!, INT[call + CALL.callLow]!);
    REAL[at + CALL_REAL.backoffMs] = delayMs;
  }
  if (mayRetry && nowMs + delayMs >= REAL[at + CALL_REAL.callDueMs]!) mayRetry = false;
  if (mayRetry && budget !== null && !budget.tryWithdraw(nowMs)) {
    EDGES[POLICIES[policy + POLICY.firstColumn]! + EDGE.retriesDenied]!++;
    mayRetry = false;
  }
  if (!mayRetry) {
    finish(call, cause, originService, originCause);
    return false;
  }
  cancelTimer(call);
  if (delayMs === 0) return true;
  INT[call + CALL.state] = CALL_STATE.backingOff;
  REAL[at + CALL_REAL.timerMs] = nowMs + delayMs;
  RUN.timers.armIrregular(call);
  return false;
}

/** A call has failed. */
function finish(call: number, cause: number, originService: number, originCause: number): void {
  INT[call + CALL.state] = CALL_STATE.finished;
  cancelTimer(call);
  INT[call + VISIT.cause] = cause;
  INT[call + VISIT.originService] = originService;
  INT[call + VISIT.originCause] = originCause;
  INT[call + VISIT.flags] = INT[call + VISIT.flags]! & ~FLAG.isDegraded;
  INT[call + VISIT.slowService] = originService;
  INT[call + VISIT.slowOwnUs] = 0;
  EDGES[POLICIES[INT[call + CALL.policy]! + POLICY.firstColumn]! + EDGE.call + cause]!++;
  putOut(call | END);
}

/**
 * The present attempt is given up. If it got out, its callee is told, its record stays with the visit, and the call goes
 * on in another, which is returned.
 */
function leaveBehind(call: number): number {
  leaveEndpoint(call);
  INT[call + CALL.endpoint] = NONE;
  if (INT[call + CALL.hasLeft] === 0) {
    INT[call + CALL.hasLeft] = 1;
    return call;
  }
  const going = allocate();
  for (let field = VISIT.operation as number; field <= VISIT.depth; field++) INT[going + field] = INT[call + field]!;
  for (let field = CALL.policy as number; field <= CALL.endpoint; field++) INT[going + field] = INT[call + field]!;
  for (let field = CALL.callHigh as number; field <= CALL.hasLeft; field++) INT[going + field] = INT[call + field]!;
  INT[going + CALL.order] = INT[call + CALL.order]!;
  INT[going + CALL.state] = CALL_STATE.inFlight;
  INT[going + CALL.timerNext] = NONE;
  const [from, to] = [call >> REAL_SHIFT, going >> REAL_SHIFT];
  for (let field = CALL_REAL.attemptStartMs as number; field <= CALL_REAL.backoffMs; field++)
    REAL[to + field] = REAL[from + field]!;
  if (UNITS[POLICIES[INT[call + CALL.policy]! + POLICY.unit]! + UNIT.service]! >= 0)
    INT[INT[call + CALL.owner]! + STRAND.call] = going;
  INT[call + CALL.state] = CALL_STATE.none;
  putOut(call | GIVE_UP);
  return going;
}

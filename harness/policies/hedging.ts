// The attempts of hedged calls. A try of such a call is a group of attempts, each in a slot of its own:
//
//   call (HEDGING) ─► attempt ─► attempt ─► …   linked by `sibling`; `leader` leads back
//
// The first answer is the call's, and the others are given up. Hot code where there is any.
import type { HedgePlan } from "../model/call-plan.ts";
import { CANCELLED, OK, WRONG } from "../model/outcome.ts";
import type { Attempts } from "./attempts.ts";
import type { CallMeter } from "./call-meter.ts";
import { type CallTable, HEDGING, NO_SLOT } from "./call-table.ts";
import { LatencyWindow } from "./latency-window.ts";
import { causesOf } from "./retry.ts";
import { RetryBudget, UNPAID } from "./retry-budget.ts";
import type { SlotTimers } from "./slot-timers.ts";

export class Hedging {
  readonly #plan: HedgePlan;
  readonly #table: CallTable;
  readonly #attempts: Attempts;
  readonly #timers: SlotTimers;
  readonly #meter: CallMeter;
  readonly #nonFatal: number;
  readonly #budget: RetryBudget | null;
  readonly #latencies: LatencyWindow | null;

  constructor(plan: HedgePlan, table: CallTable, attempts: Attempts, timers: SlotTimers, meter: CallMeter) {
    this.#plan = plan;
    this.#table = table;
    this.#attempts = attempts;
    this.#timers = timers;
    this.#meter = meter;
    this.#nonFatal = causesOf(plan.nonFatal);
    this.#budget = plan.budget === null ? null : new RetryBudget(plan.budget);
    this.#latencies = "quantile" in plan.delay ? new LatencyWindow(plan.delay.quantile) : null;
  }

  /** A call begins. */
  deposit(nowMs: number, call: number): void {
    this.#table.hedges[call] = 0;
    this.#budget?.deposit(nowMs);
  }

  /** Begins a try of the call; false where it is over at once, as the call's cause and origin then say. */
  begin(nowMs: number, call: number): boolean {
    const { state, sibling, group, cause } = this.#table;
    state[call] = HEDGING;
    sibling[call] = NO_SLOT;
    group[call] = 0;
    cause[call] = CANCELLED;
    const isUnderWay = this.#send(nowMs, call, UNPAID);
    if (isUnderWay) this.#arm(nowMs, call);
    return isUnderWay;
  }

  /** The call's timer has fired: nobody has answered yet. */
  due(nowMs: number, call: number): void {
    if (this.#sendAnother(nowMs, call)) this.#arm(nowMs, call);
  }

  /** An attempt was settled. Returns its call, where the try is over with it: cause and origin stand there. Else NO_SLOT. */
  ended(nowMs: number, attempt: number): number {
    const table = this.#table;
    const call = table.leader[attempt]!;
    const cause = table.cause[attempt]!;
    const isNonFatal = ((this.#nonFatal >>> cause) & 1) === 1;
    this.#budget?.settle(cause, isNonFatal, table.paid[attempt]!);
    this.#record(nowMs, call, attempt);
    this.#copyResult(attempt, call);
    this.#release(call, attempt);
    if (isNonFatal) {
      const isSent = nowMs < table.callDueMs[call]! && this.#sendAnother(nowMs, call);
      if (isSent) this.#arm(nowMs, call);
      if (table.sibling[call] !== NO_SLOT) return NO_SLOT;
      // What was sent last may be over already, and is then the reason.
    } else this.cancel(nowMs, call);
    this.#timers.disarm(call);
    return call;
  }

  /** Nobody wants the answers to the call's attempts any more. */
  cancel(nowMs: number, call: number): void {
    const { sibling, paid } = this.#table;
    for (let attempt = sibling[call]!; attempt !== NO_SLOT; attempt = sibling[call]!) {
      this.#attempts.cancel(nowMs, attempt);
      this.#budget?.settle(CANCELLED, false, paid[attempt]!);
      this.#record(nowMs, call, attempt);
      this.#release(call, attempt);
    }
  }

  /** One more attempt, if there may be one; true where it is under way. */
  #sendAnother(nowMs: number, call: number): boolean {
    if (this.#table.group[call]! >= this.#plan.maxAttempts) return false;
    if (this.#budget === null) return this.#send(nowMs, call, UNPAID);
    const cause = this.#table.cause[call]!;
    if (this.#budget.tryWithdraw(nowMs, cause, this.#attempts.underWay))
      return this.#send(nowMs, call, this.#budget.price(cause));
    this.#meter.retryDenied();
    return false;
  }

  #send(nowMs: number, call: number, paid: number): boolean {
    const table = this.#table;
    const attempt = table.allocate();
    table.copyCall(call, attempt);
    table.leader[attempt] = call;
    table.sibling[attempt] = table.sibling[call]!;
    table.sibling[call] = attempt;
    table.paid[attempt] = paid;
    const earlier = table.group[call]!++;
    table.group[attempt] = earlier;
    if (earlier > 0) {
      table.hedges[call]!++;
      this.#meter.hedgeSent();
    }
    const isUnderWay = this.#attempts.begin(nowMs, attempt);
    table.attempts[call] = table.attempts[attempt]!;
    if (isUnderWay) return true;
    this.#budget?.settle(CANCELLED, false, paid);
    this.#copyResult(attempt, call);
    this.#release(call, attempt);
    return false;
  }

  #arm(nowMs: number, call: number): void {
    const { group, callDueMs } = this.#table;
    if (group[call]! >= this.#plan.maxAttempts) return;
    const { delay } = this.#plan;
    const dueMs = nowMs + ("delayMs" in delay ? delay.delayMs : this.#latencies!.percentileMs);
    if (dueMs < callDueMs[call]!) this.#timers.arm(call, dueMs);
  }

  /**
   * Only the first attempt of a try says how long answers take: the others would hide the slow ones. One that is given up
   * because another was faster has taken at least so long.
   */
  #record(nowMs: number, call: number, attempt: number): void {
    const { group, cause, attemptStartMs } = this.#table;
    if (this.#latencies === null || group[attempt] !== 0) return;
    const isAnswered = cause[call] === OK || cause[call] === WRONG || cause[attempt] === OK || cause[attempt] === WRONG;
    if (isAnswered) this.#latencies.record(nowMs - attemptStartMs[attempt]!);
  }

  #copyResult(attempt: number, call: number): void {
    const table = this.#table;
    table.cause[call] = table.cause[attempt]!;
    table.originService[call] = table.originService[attempt]!;
    table.originCause[call] = table.originCause[attempt]!;
    table.isDegraded[call] = table.isDegraded[attempt]!;
    table.slowService[call] = table.slowService[attempt]!;
    table.slowOwnUs[call] = table.slowOwnUs[attempt]!;
  }

  /** Takes the attempt out of its call's list, and frees its slot. */
  #release(call: number, attempt: number): void {
    const { sibling } = this.#table;
    let before = call;
    while (sibling[before] !== attempt) before = sibling[before]!;
    sibling[before] = sibling[attempt]!;
    this.#table.free(attempt);
  }
}

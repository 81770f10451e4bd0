// The timers of all calls: attempt timeouts, which are nearly all cancelled, in a list per constant delay; what has no
// constant delay (back-offs, whole calls, deadlines) in a queue that may be out of order. Hot code.
import { assert } from "../../core/assert.ts";
import { DueQueue } from "../../policies/timers.ts";
import * as CALL from "./fields/call.ts";
import * as CALL_REAL from "./fields/call-real.ts";
import * as POLICY from "./fields/policy.ts";
import { NONE, REAL_SHIFT } from "./fields/widths.ts";
import {
  allocate,
  CLOCK,
  COUNT,
  INT,
  MOST_LANES,
  NOW,
  POLICIES,
  REAL,
  TIMER,
  TIMER_DELAY_MS,
  TIMER_LANES,
  TIMER_LIST,
  TIMER_ORDER,
} from "./memory.ts";

/** The lane of what has no constant delay. */
export const IRREGULAR = -1;

export class Timers {
  readonly #irregular = new DueQueue();

  /** The number of the lane with this delay, for `armTimer`. */
  laneOf(delayMs: number): number {
    const count = COUNT[TIMER_LANES]!;
    for (let lane = 0; lane < count; lane++) if (TIMER_DELAY_MS[lane] === delayMs) return lane;
    const list = allocate();
    INT[list + CALL.timerNext] = list;
    INT[list + CALL.timerPrevious] = list;
    assert(count < MOST_LANES, "a plan has few constant delays");
    TIMER_DELAY_MS[count] = delayMs;
    TIMER_LIST[count] = list;
    COUNT[TIMER_LANES] = count + 1;
    return count;
  }

  /** Sets the call's timer to the time in its `timerMs`, in no lane. */
  armIrregular(call: number): void {
    const timer = ++INT[call + CALL.timer]!;
    const dueMs = REAL[(call >> REAL_SHIFT) + CALL_REAL.timerMs]!;
    INT[call + CALL.timerNext] = NONE;
    INT[call + CALL.timerOrder] = COUNT[TIMER_ORDER]!++;
    this.#irregular.add(dueMs, call + CALL.timer, timer);
    if (dueMs < CLOCK[TIMER]!) CLOCK[TIMER] = dueMs;
  }

  /** Makes the time of the next timer exact: until then it was a lower bound, for cancelled timers do not move it. */
  refresh(): void {
    let nextMs = this.#irregular.nextDue(INT);
    const lanes = COUNT[TIMER_LANES]!;
    for (let lane = 0; lane < lanes; lane++) {
      const list = TIMER_LIST[lane]!;
      const first = INT[list + CALL.timerNext]!;
      if (first === list) continue;
      const dueMs = REAL[(first >> REAL_SHIFT) + CALL_REAL.timerMs]!;
      if (dueMs < nextMs) nextMs = dueMs;
    }
    CLOCK[TIMER] = nextMs;
  }

  /**
   * After `refresh`: the timers that are due now, of the unit whose turn is first: of each of its policies the one set
   * first, in order of policy. They are taken out, the others of the same moment stay.
   */
  takeDue(into: number[]): void {
    const dueMs = CLOCK[TIMER]!;
    into.length = 0;
    const lanes = COUNT[TIMER_LANES]!;
    for (let lane = 0; lane < lanes; lane++) {
      const list = TIMER_LIST[lane]!;
      for (let call = INT[list + CALL.timerNext]!; call !== list; call = INT[call + CALL.timerNext]!) {
        if (REAL[(call >> REAL_SHIFT) + CALL_REAL.timerMs]! !== dueMs) break;
        into.push(call);
      }
    }
    while (this.#irregular.nextDue(INT) === dueMs) into.push(this.#irregular.pop() - CALL.timer);
    if (into.length > 1) {
      into.sort(compare);
      this.#keepFirstUnit(into);
    }
    for (const call of into) unlinkTimer(call);
    this.refresh();
  }

  /** Puts one that was taken back, for the same moment. */
  postpone(call: number): void {
    this.#irregular.add(CLOCK[NOW]!, call + CALL.timer, INT[call + CALL.timer]!);
    CLOCK[TIMER] = CLOCK[NOW]!;
  }

  #keepFirstUnit(due: number[]): void {
    const unit = POLICIES[INT[due[0]! + CALL.policy]! + POLICY.unit]!;
    let policy = NONE;
    let kept = 0;
    for (const call of due) {
      const own = INT[call + CALL.policy]!;
      if (own !== policy && POLICIES[own + POLICY.unit] === unit) due[kept++] = call;
      else if (INT[call + CALL.timerNext] === NONE)
        this.#irregular.add(CLOCK[TIMER]!, call + CALL.timer, INT[call + CALL.timer]!);
      policy = own;
    }
    due.length = kept;
  }
}

/** Sets the call's timer to the lane's delay from now. */
export function armTimer(call: number, lane: number): void {
  INT[call + CALL.timer]!++;
  const dueMs = CLOCK[NOW]! + TIMER_DELAY_MS[lane]!;
  REAL[(call >> REAL_SHIFT) + CALL_REAL.timerMs] = dueMs;
  INT[call + CALL.timerOrder] = COUNT[TIMER_ORDER]!++;
  const list = TIMER_LIST[lane]!;
  const last = INT[list + CALL.timerPrevious]!;
  INT[last + CALL.timerNext] = call;
  INT[call + CALL.timerPrevious] = last;
  INT[call + CALL.timerNext] = list;
  INT[list + CALL.timerPrevious] = call;
  if (dueMs < CLOCK[TIMER]!) CLOCK[TIMER] = dueMs;
}

/** Its timer does not fire any more. */
export function cancelTimer(call: number): void {
  INT[call + CALL.timer]!++;
  unlinkTimer(call);
}

function unlinkTimer(call: number): void {
  const next = INT[call + CALL.timerNext]!;
  if (next === NONE) return;
  const previous = INT[call + CALL.timerPrevious]!;
  INT[previous + CALL.timerNext] = next;
  INT[next + CALL.timerPrevious] = previous;
  INT[call + CALL.timerNext] = NONE;
}

/** By policy, then as they were set. */
function compare(a: number, b: number): number {
  const policies = INT[a + CALL.policy]! - INT[b + CALL.policy]!;
  return policies !== 0 ? policies : (INT[a + CALL.timerOrder]! - INT[b + CALL.timerOrder]!) | 0;
}

// The timers of all calls: attempt timeouts, which are nearly all cancelled, in a ring per constant delay; what has no
// constant delay (back-offs, whole calls, deadlines) in a queue that may be out of order. Nothing is removed when it is
// cancelled: an entry is dead when its call's timer has moved on, and is skipped when it is reached. Hot code.
import { grow } from "../../core/grow.ts";
import { DueQueue } from "../../policies/timers.ts";
import { CALL, CALL_REAL, CALL_REAL_SHIFT, POLICY } from "./fields.ts";
import type { SlotTable } from "./slot-table.ts";

const INITIAL_CAPACITY = 256;
/** The lane of what has no constant delay. */
export const IRREGULAR = -1;

class Lane {
  readonly delayMs: number;
  dueMs = new Float64Array(INITIAL_CAPACITY);
  call = new Int32Array(INITIAL_CAPACITY);
  timer = new Int32Array(INITIAL_CAPACITY);
  head = 0;
  length = 0;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  grow(): void {
    const size = this.dueMs.length;
    this.dueMs = grow(this.dueMs, size * 2);
    this.call = grow(this.call, size * 2);
    this.timer = grow(this.timer, size * 2);
    this.dueMs.copyWithin(size, 0, this.head);
    this.call.copyWithin(size, 0, this.head);
    this.timer.copyWithin(size, 0, this.head);
  }
}

export class Timers {
  /** No timer is due before `next[0]`; Infinity = none is set. */
  readonly next = Float64Array.of(Infinity);
  readonly #calls: SlotTable;
  readonly #policies: SlotTable;
  readonly #clock: Float64Array;
  readonly #lanes: Lane[] = [];
  readonly #irregular = new DueQueue();
  readonly #due: number[] = [];
  #order = 0;

  /** `clock[0]` is the present. */
  constructor(calls: SlotTable, policies: SlotTable, clock: Float64Array) {
    this.#calls = calls;
    this.#policies = policies;
    this.#clock = clock;
  }

  /** The number of the lane with this delay, for `arm`. */
  laneOf(delayMs: number): number {
    const found = this.#lanes.findIndex((lane) => lane.delayMs === delayMs);
    return found >= 0 ? found : this.#lanes.push(new Lane(delayMs)) - 1;
  }

  /** Sets the call's timer: to the lane's delay from now, or (IRREGULAR) to the time in its `timerMs`. */
  arm(call: number, to: number): void {
    const calls = this.#calls.int;
    const timer = ++calls[call + CALL.timer]!;
    this.#calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.timerOrder] = this.#order++;
    if (to === IRREGULAR) {
      const dueMs = this.#calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.timerMs]!;
      this.#irregular.add(dueMs, call + CALL.timer, timer);
      if (dueMs < this.next[0]!) this.next[0] = dueMs;
      return;
    }
    const lane = this.#lanes[to]!;
    if (lane.length === lane.dueMs.length) lane.grow();
    const dueMs = this.#clock[0]! + lane.delayMs;
    const place = (lane.head + lane.length) & (lane.dueMs.length - 1);
    this.#calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.timerMs] = dueMs;
    lane.dueMs[place] = dueMs;
    lane.call[place] = call;
    lane.timer[place] = timer;
    if (lane.length++ === 0 && dueMs < this.next[0]!) this.next[0] = dueMs;
  }

  /** Skips what is dead at the front, and makes `next` exact. */
  refresh(): void {
    const calls = this.#calls.int;
    let nextMs = this.#irregular.nextDue(calls);
    for (const lane of this.#lanes) {
      this.#skipDead(lane, calls);
      if (lane.length > 0 && lane.dueMs[lane.head]! < nextMs) nextMs = lane.dueMs[lane.head]!;
    }
    this.next[0] = nextMs;
  }

  /**
   * After `refresh`: the live timers that are due at `next[0]`, of the unit whose turn is first: of each of its policies
   * the one set first. They are taken out, the others of the same moment stay. In order of policy.
   */
  takeDue(into: number[]): void {
    const calls = this.#calls.int;
    const dueMs = this.next[0]!;
    into.length = 0;
    const all = this.#due;
    all.length = 0;
    for (const lane of this.#lanes) {
      for (;;) {
        this.#skipDead(lane, calls);
        if (lane.length === 0 || lane.dueMs[lane.head]! !== dueMs) break;
        all.push(lane.call[lane.head]!);
        lane.head = (lane.head + 1) & (lane.dueMs.length - 1);
        lane.length--;
      }
    }
    while (this.#irregular.nextDue(calls) === dueMs) all.push(this.#irregular.pop() - CALL.timer);
    if (all.length > 1) all.sort((a, b) => this.#compare(a, b));
    const policies = this.#policies.int;
    const unit = policies[calls[all[0]! + CALL.policy]! + POLICY.unit]!;
    let policy = -1;
    for (const call of all) {
      const own = calls[call + CALL.policy]!;
      if (own !== policy && policies[own + POLICY.unit] === unit) into.push(call);
      else this.postpone(call);
      policy = own;
    }
    this.refresh();
  }

  /** Puts one that was taken back, for the same moment. */
  postpone(call: number): void {
    const dueMs = this.#calls.real[(call >> CALL_REAL_SHIFT) + CALL_REAL.timerMs]!;
    this.#irregular.add(dueMs, call + CALL.timer, this.#calls.int[call + CALL.timer]!);
    if (dueMs < this.next[0]!) this.next[0] = dueMs;
  }

  #compare(a: number, b: number): number {
    const { int, real } = this.#calls;
    const policies = int[a + CALL.policy]! - int[b + CALL.policy]!;
    if (policies !== 0) return policies;
    const orderOfB = real[(b >> CALL_REAL_SHIFT) + CALL_REAL.timerOrder]!;
    return real[(a >> CALL_REAL_SHIFT) + CALL_REAL.timerOrder]! - orderOfB;
  }

  #skipDead(lane: Lane, calls: Int32Array): void {
    while (lane.length > 0 && calls[lane.call[lane.head]! + CALL.timer] !== lane.timer[lane.head]) {
      lane.head = (lane.head + 1) & (lane.dueMs.length - 1);
      lane.length--;
    }
  }
}

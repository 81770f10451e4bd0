// What an attempt needs before it leaves: a permit of each line (bulkhead, connections, requests), in this order. An attempt
// that waits for one already holds those before it. Hot code.
import { ADMITTED, type CallTable, FREE, WAITING } from "./call-table.ts";
import { ENTERED, type Line, NOBODY, QUEUED } from "./line.ts";
import type { SlotTimers } from "./slot-timers.ts";

export class Permits {
  readonly #lines: readonly Line[];
  readonly #table: CallTable;
  readonly #timers: SlotTimers;
  #waiting = 0;
  /** Time spent in line, summed, and until when. */
  readonly #waited = new Float64Array(2);

  constructor(lines: readonly Line[], table: CallTable, timers: SlotTimers) {
    this.#lines = lines;
    this.#table = table;
    this.#timers = timers;
  }

  /** Attempts in line, at whichever. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Asks for the permits that the slot's attempt does not have yet. One that is QUEUED is woken when it has the next
   * (ADMITTED), or when it has waited for too long (WAITING).
   */
  ask(nowMs: number, slot: number): ReturnType<Line["enter"]> {
    const table = this.#table;
    for (; table.line[slot]! < this.#lines.length; table.line[slot]!++) {
      const line = this.#lines[table.line[slot]!]!;
      const entered = line.enter(slot);
      if (entered === ENTERED) continue;
      if (entered === QUEUED) {
        table.state[slot] = WAITING;
        this.#count(nowMs, 1);
        const dueMs = Math.min(nowMs + line.maxWaitMs, table.callDueMs[slot]!);
        if (dueMs < Infinity) this.#timers.arm(slot, dueMs);
      }
      return entered;
    }
    return ENTERED;
  }

  /** The slot's attempt is no longer in line, for whatever reason. */
  quit(nowMs: number, slot: number): void {
    const { state, line } = this.#table;
    if (state[slot] === WAITING) this.#lines[line[slot]!]!.quit();
    state[slot] = FREE;
    this.#timers.disarm(slot);
    this.#count(nowMs, -1);
  }

  /** The attempt's permits go to those who wait for them, who go on at once: their timers are due now. */
  giveBack(nowMs: number, slot: number): void {
    const { line, state } = this.#table;
    for (let held = line[slot]! - 1; held >= 0; held--) {
      const next = this.#lines[held]!.leave();
      if (next === NOBODY) continue;
      state[next] = ADMITTED;
      line[next]!++;
      this.#timers.arm(next, nowMs);
    }
    line[slot] = 0;
  }

  /** Time that attempts have spent in line since the last call of this, summed. */
  takeWaitedMs(nowMs: number): number {
    this.#count(nowMs, 0);
    const waitedMs = this.#waited[0]!;
    this.#waited[0] = 0;
    return waitedMs;
  }

  /** So many more are in line from now on. */
  #count(nowMs: number, more: number): void {
    this.#waited[0]! += this.#waiting * (nowMs - this.#waited[1]!);
    this.#waited[1] = nowMs;
    this.#waiting += more;
  }
}

// The timers of one call machine: at most one for each of its slots. Hot code: nothing is removed, an old timer is
// recognised by the slot's serial (CallTable.timer) and skipped.
import type { CallTable } from "./call-table.ts";
import { DueQueue } from "./timers.ts";

export class SlotTimers {
  readonly #table: CallTable;
  readonly #queue = new DueQueue();
  /** No timer is due before this. */
  #quietUntilMs = Infinity;

  constructor(table: CallTable) {
    this.#table = table;
  }

  /** A lower bound of the time of the next timer; Infinity = none. */
  get quietUntilMs(): number {
    return this.#quietUntilMs;
  }

  /** The slot is woken at `dueMs`, and not at what it was armed for before. */
  arm(slot: number, dueMs: number): void {
    const timer = ++this.#table.timer[slot]!;
    this.#queue.add(dueMs, slot, timer);
    if (dueMs < this.#quietUntilMs) this.#quietUntilMs = dueMs;
  }

  disarm(slot: number): void {
    this.#table.timer[slot]!++;
  }

  /** Takes the first slot that is due by `dueMs`; -1 = none. */
  take(dueMs: number): number {
    const { timer } = this.#table;
    if (this.#queue.nextDue(timer) > dueMs) return -1;
    const slot = this.#queue.pop();
    timer[slot]!++;
    return slot;
  }

  /** Looks for the next timer, after what was taken has been handled. */
  settle(): void {
    this.#quietUntilMs = this.#queue.nextDue(this.#table.timer);
  }
}

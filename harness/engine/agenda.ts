// What the control plane will do, and when: actions in the order of (time, order of entry). It also holds the
// control plane's idea of now, which never runs backwards, though a live engine may report late.
import type { RunEvent } from "../recording/event.ts";

/** An event without its time. */
export type Happening = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, "atMs"> : never) : never;

interface Entry {
  readonly dueMs: number;
  readonly act: () => void;
}

export class Agenda {
  #nowMs = 0;
  /** Sorted; an entry at a time that is taken comes after those already there. */
  readonly #entries: Entry[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  get nextMs(): number {
    return this.#entries[0]?.dueMs ?? Infinity;
  }

  /** Time goes on to `ms`, unless it is there already. */
  advance(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms);
  }

  /** Acts at `dueMs`, or as soon as it can where that has passed. Infinity = never. */
  at(dueMs: number, act: () => void): void {
    if (dueMs === Infinity) return;
    let index = this.#entries.length;
    while (index > 0 && this.#entries[index - 1]!.dueMs > dueMs) index--;
    this.#entries.splice(index, 0, { dueMs, act });
  }

  /** Does everything that is due now, also what that adds; false where nothing was. */
  runDue(): boolean {
    if (this.nextMs > this.#nowMs) return false;
    while (this.nextMs <= this.#nowMs) this.#entries.shift()!.act();
    return true;
  }
}

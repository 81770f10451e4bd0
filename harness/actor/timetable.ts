// What happens at an instance by itself, and when: its death, its garbage collections, the end of its warm-up, and what
// its doorway, its machine and its callers wait for. At the same time, in this order.
import type { Instance } from "../service/instance.ts";
import type { WarmUp } from "../service/warm-up.ts";
import type { Caller } from "./caller.ts";
import type { Doorway } from "./doorway.ts";
import type { Standstill } from "./standstill.ts";

export interface TimetableOptions {
  readonly machine: Instance;
  readonly doorway: Doorway;
  readonly caller: Caller;
  readonly standstill: Standstill;
  /** null where it is warm from the beginning. */
  readonly warmUp: WarmUp | null;
  /** Something has happened: carries what follows from it between the machines. */
  readonly pump: (nowMs: number) => void;
  readonly die: () => void;
}

export class Timetable {
  readonly #options: TimetableOptions;

  constructor(options: TimetableOptions) {
    this.#options = options;
  }

  /** Infinity = never; while paused, never. */
  nextWakeup(): number {
    const { standstill, machine } = this.#options;
    if (standstill.isStill) return standstill.endMs;
    if (machine.vitals === null) return this.#nextDue();
    return Math.min(machine.vitals.deathMs, standstill.dueMs, this.#nextDue());
  }

  /** Handles one thing that was due by `dueMs`. */
  wake(dueMs: number): void {
    const { standstill, machine, pump, die } = this.#options;
    if (standstill.isCollecting) {
      standstill.endCollection(dueMs);
      this.goOn(dueMs);
      pump(dueMs);
    } else if (machine.vitals !== null && machine.vitals.deathMs <= dueMs) die();
    else if (standstill.dueMs <= dueMs) standstill.collect(dueMs);
    else this.#wake(dueMs, dueMs);
  }

  /** It stood still until now: what fell due meanwhile happens now, in its order. */
  goOn(nowMs: number): void {
    const { standstill, machine } = this.#options;
    for (;;) {
      const dueMs = this.#nextDue();
      const nextMs = standstill.nextMs;
      if (Math.min(dueMs, nextMs) > nowMs) break;
      // As in virtual time: what came just as something fell due came first.
      if (nextMs <= dueMs) standstill.tellNext(nowMs);
      else this.#wake(dueMs, nowMs);
    }
    machine.vitals?.goOn(nowMs);
    standstill.tellAll(nowMs);
  }

  #nextDue(): number {
    const { doorway, machine, caller, warmUp } = this.#options;
    const dueMs = Math.min(doorway.nextDue(), machine.nextWakeup(), caller.nextWakeup());
    return warmUp === null ? dueMs : Math.min(dueMs, warmUp.endMs);
  }

  #wake(dueMs: number, nowMs: number): void {
    const { doorway, machine, caller, warmUp, pump } = this.#options;
    if (warmUp !== null && warmUp.endMs <= dueMs) warmUp.end(nowMs);
    else if (doorway.nextDue() <= dueMs) doorway.wake(nowMs);
    else if (machine.nextWakeup() <= dueMs) machine.wake(dueMs, nowMs);
    else caller.wake(dueMs, nowMs);
    pump(nowMs);
  }
}

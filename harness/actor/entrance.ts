// The way into an instance: faults in the path of what arrives hold a request back, or end it in the instance's place.
import { WakeHeap } from "../core/wake-heap.ts";
import { causeOfFate, HANG, PASS, statusOfFate } from "../faults/fate.ts";
import type { Disturbed } from "../faults/fault-in-path.ts";
import { InPath } from "../faults/in-path.ts";
import { CANCELLED } from "../model/outcome.ts";
import type { Instance } from "../service/instance.ts";

/** The place is the instance itself: no target is told apart. */
const HERE = -1;

export class Entrance {
  readonly #machine: Instance;
  readonly #countFault: (faultRow: number) => void;
  readonly #faults = new InPath();
  /** Visits held back. */
  readonly #held = new WakeHeap();
  /** Visits that nothing will ever answer; they end when their callers give up. */
  readonly #hung = new Set<number>();

  constructor(machine: Instance, countFault: (faultRow: number) => void) {
    this.#machine = machine;
    this.#countFault = countFault;
  }

  /** A visit has arrived: it is admitted, ended, or held back until `wake`. */
  enter(nowMs: number, visit: number): void {
    const faults = this.#faults;
    const { keyHigh, keyLow, operation, headers, status } = this.#machine.visits;
    if (
      faults.isClear ||
      !faults.hit(
        nowMs,
        keyHigh[visit]!,
        keyLow[visit]!,
        operation[visit]!,
        HERE,
        HERE,
        headers[visit]!,
        this.#countFault,
      )
    )
      this.#machine.admit(nowMs, visit);
    else if (faults.delayMs > 0) {
      status[visit] = faults.fate;
      this.#held.set(visit, nowMs + faults.delayMs);
    } else this.#meet(nowMs, visit, faults.fate);
  }

  /** When the next visit is no longer held back; Infinity = none is. */
  nextDue(): number {
    return this.#held.topTime;
  }

  /** Lets the visit in (or ends it) that was held back until `nextDue()`. */
  wake(nowMs: number): void {
    const visit = this.#held.topId;
    this.#held.remove(visit);
    this.#meet(nowMs, visit, this.#machine.visits.status[visit]!);
  }

  /** The caller of a visit gave up: one that would have hung for ever is over. */
  abandon(nowMs: number, visit: number): void {
    if (this.#hung.size > 0 && this.#hung.delete(visit)) this.#machine.refuse(nowMs, visit, 499, CANCELLED);
  }

  /** The disturbances in force from now on; what is held back stays so. */
  disturb(disturbed: readonly Disturbed[]): void {
    this.#faults.set(disturbed);
  }

  #meet(nowMs: number, visit: number, fate: number): void {
    if (fate === PASS) this.#machine.admit(nowMs, visit);
    else if (fate === HANG && this.#machine.visits.isAbandoned[visit] === 0) this.#hung.add(visit);
    else if (fate === HANG) this.#machine.refuse(nowMs, visit, 499, CANCELLED);
    else this.#machine.refuse(nowMs, visit, statusOfFate(fate), causeOfFate(fate));
  }
}

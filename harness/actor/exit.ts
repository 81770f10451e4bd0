// The way out of an instance: faults in the path of its answers hold an answer back, change it, or keep it for ever.
// The request itself is over by then: its worker is free, its outcome counted.
import { WakeHeap } from "../core/wake-heap.ts";
import { causeOfFate, HANG, PASS, statusOfFate } from "../faults/fate.ts";
import type { Disturbed } from "../faults/fault-in-path.ts";
import { InPath } from "../faults/in-path.ts";
import type { Instance } from "../service/instance.ts";
import type { Replies } from "./replies.ts";

/** The place is the instance itself: no target is told apart. */
const HERE = -1;

export interface ExitOptions {
  /** Service index. */
  readonly service: number;
  readonly machine: Instance;
  readonly countFault: (faultRow: number) => void;
  readonly replies: Replies;
}

export class Exit {
  readonly #options: ExitOptions;
  readonly #faults = new InPath(true);
  readonly #held = new WakeHeap();
  /** The fates of those that are held back, by visit. */
  readonly #fates = new Map<number, number>();
  /** Visits that nothing will ever answer; they are let go when their callers give up. */
  readonly #hung = new Set<number>();

  constructor(options: ExitOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#fates.size === 0 && this.#hung.size === 0;
  }

  /** A visit has ended. Whether its answer is kept here; else it may be answered, perhaps with another answer than its own. */
  keeps(nowMs: number, visit: number): boolean {
    const faults = this.#faults;
    if (faults.isClear) return false;
    const { machine, countFault, replies } = this.#options;
    const { keyHigh, keyLow, operation, headers } = machine.visits;
    const carried = headers[visit]!;
    if (!faults.hit(nowMs, keyHigh[visit]!, keyLow[visit]!, operation[visit]!, HERE, HERE, carried, countFault))
      return false;
    const { delayMs, fate } = faults;
    if (delayMs === 0) return this.#meets(visit, fate);
    this.#fates.set(visit, fate);
    this.#held.set(visit, nowMs + delayMs);
    if (faults.isDripping) replies.drip(visit, delayMs);
    return true;
  }

  /** When the next answer is no longer held back; Infinity = none is. */
  nextDue(): number {
    return this.#held.topTime;
  }

  /** Answers the visit that was held back until `nextDue()`, unless nothing ever will. */
  wake(): void {
    const visit = this.#held.topId;
    this.#held.remove(visit);
    const fate = this.#fates.get(visit)!;
    this.#fates.delete(visit);
    if (!this.#meets(visit, fate)) this.#options.replies.answer(visit);
  }

  /** The caller of an ended visit gave up: an answer that would never have come is let go. */
  abandon(visit: number): void {
    const { machine, replies } = this.#options;
    machine.visits.isAbandoned[visit] = 1;
    if (this.#hung.delete(visit)) replies.answer(visit);
  }

  /** The disturbances in force from now on; what is kept stays so. */
  disturb(disturbed: readonly Disturbed[]): void {
    this.#faults.set(disturbed);
  }

  /** Changes the answer as its fate wants it; true where there will be none while its caller waits. */
  #meets(visit: number, fate: number): boolean {
    const { machine, service } = this.#options;
    const { visits } = machine;
    if (fate === HANG && visits.isAbandoned[visit] === 0) {
      this.#hung.add(visit);
      return true;
    }
    if (fate === PASS || fate === HANG) return false;
    visits.cause[visit] = causeOfFate(fate);
    visits.status[visit] = statusOfFate(fate);
    visits.originService[visit] = service;
    visits.originCause[visit] = visits.cause[visit];
    return false;
  }
}

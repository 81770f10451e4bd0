// Both ways through an instance's door, and the faults on them.
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { REFUSED } from "../model/outcome.ts";
import type { InstanceRef } from "../model/route.ts";
import type { Instance } from "../service/instance.ts";
import { FAULT, FAULT_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";
import { ENDED } from "../service/visits.ts";
import { Entrance } from "./entrance.ts";
import { Exit } from "./exit.ts";
import { faultsAtInstance } from "./faults-at-instance.ts";
import type { Replies } from "./replies.ts";

export interface DoorwayOptions {
  readonly instance: InstanceRef;
  /** The n-th instance of its service, counted from 0 as the fleet was first started; −1 for one that came later. */
  readonly ordinal: number;
  readonly machine: Instance;
  readonly tally: Tally;
  readonly replies: Replies;
  /** Requests that it has a connection for; Infinity = all. */
  readonly maxConnections: number;
}

export class Doorway {
  readonly #options: DoorwayOptions;
  readonly #entrance: Entrance;
  readonly #exit: Exit;
  #maxConnections: number;

  constructor(options: DoorwayOptions) {
    const { machine, tally, replies, instance } = options;
    const countFault = (faultRow: number): void => void tally.faults[faultRow * FAULT_WIDTH + FAULT.hits]!++;
    this.#options = options;
    this.#maxConnections = options.maxConnections;
    this.#entrance = new Entrance(machine, countFault);
    this.#exit = new Exit({ service: instance.service, machine, countFault, replies });
  }

  /** From now on it has connections for so many at the most; never more than by itself. */
  limitConnections(most: number): void {
    this.#maxConnections = Math.min(most, this.#options.maxConnections);
  }

  /** No answer is held back. */
  get isEmpty(): boolean {
    return this.#exit.isEmpty;
  }

  /** A visit has arrived: see Entrance. Where every connection is taken it is refused, and nothing else sees it. `behind` it arrived so many others. */
  enter(nowMs: number, visit: number, behind = 0): void {
    const { machine } = this.#options;
    if (machine.meters.inSystem - behind > this.#maxConnections) machine.refuse(nowMs, visit, 503, REFUSED);
    else this.#entrance.enter(nowMs, visit);
  }

  /** A visit has ended: whether its answer is kept, see Exit. */
  keeps(nowMs: number, visit: number): boolean {
    return this.#exit.keeps(nowMs, visit);
  }

  /** The caller of a visit gave up. */
  abandon(nowMs: number, visit: number): void {
    const { machine } = this.#options;
    if (machine.visits.state[visit] === ENDED) return this.#exit.abandon(visit);
    machine.abandon(nowMs, visit);
    this.#entrance.abandon(nowMs, visit);
  }

  nextDue(): number {
    return Math.min(this.#entrance.nextDue(), this.#exit.nextDue());
  }

  /** Lets through what was held back until `nextDue()`. */
  wake(nowMs: number): void {
    if (this.#entrance.nextDue() <= this.#exit.nextDue()) this.#entrance.wake(nowMs);
    else this.#exit.wake();
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    const { instance, ordinal, tally } = this.#options;
    const { faultRow } = tally.layout;
    this.#entrance.disturb(faultsAtInstance(active, "request", instance, ordinal, faultRow));
    this.#exit.disturb(faultsAtInstance(active, "response", instance, ordinal, faultRow));
  }
}

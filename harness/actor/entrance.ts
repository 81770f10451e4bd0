// The way into an instance: faults in the path of what arrives hold a request back, or answer it in the instance's place.
import { WakeHeap } from "../core/wake-heap.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { InPath } from "../faults/in-path.ts";
import type { InstanceRef } from "../model/route.ts";
import type { Instance } from "../service/instance.ts";
import { FAULT, FAULT_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";

export class Entrance {
  readonly #instance: InstanceRef;
  readonly #ordinal: number;
  readonly #machine: Instance;
  readonly #tally: Tally;
  readonly #faults = new InPath();
  /** Visits held back. */
  readonly #held = new WakeHeap();
  readonly #countFault: (faultRow: number) => void;

  /** `ordinal`: the n-th instance of its service, counted from 0 as the fleet was first started; −1 for one that came later. */
  constructor(instance: InstanceRef, ordinal: number, machine: Instance, tally: Tally) {
    this.#instance = instance;
    this.#ordinal = ordinal;
    this.#machine = machine;
    this.#tally = tally;
    this.#countFault = (faultRow) => tally.faults[faultRow * FAULT_WIDTH + FAULT.hits]!++;
  }

  /** A visit has arrived: it is admitted, refused, or held back until `wake`. */
  enter(nowMs: number, visit: number): void {
    const faults = this.#faults;
    const { keyHigh, keyLow, operation, status } = this.#machine.visits;
    if (
      faults.isClear ||
      !faults.hit(keyHigh[visit]!, keyLow[visit]!, operation[visit]!, this.#instance.variant, this.#countFault)
    )
      this.#machine.admit(nowMs, visit);
    else if (faults.delayMs > 0) {
      status[visit] = faults.status;
      this.#held.set(visit, nowMs + faults.delayMs);
    } else this.#machine.refuse(nowMs, visit, faults.status);
  }

  /** When the next visit is no longer held back; Infinity = none is. */
  nextDue(): number {
    return this.#held.topTime;
  }

  /** Lets the visit in (or refuses it) that was held back until `nextDue()`. */
  wake(nowMs: number): void {
    const visit = this.#held.topId;
    this.#held.remove(visit);
    const status = this.#machine.visits.status[visit]!;
    if (status === 0) this.#machine.admit(nowMs, visit);
    else this.#machine.refuse(nowMs, visit, status);
  }

  /** The disturbances in force from now on; what is held back stays so. */
  disturb(active: readonly ActiveDisturbance[]): void {
    const { service, variant, zone } = this.#instance;
    this.#faults.set(
      active.flatMap(({ timeline, disturbance, scope }) => {
        const { on } = scope;
        if (on.type === "edge" || on.service !== service) return [];
        if (on.type === "instance" && on.ordinal !== this.#ordinal) return [];
        if (scope.variant !== null && scope.variant !== variant) return [];
        if (scope.zone !== null && scope.zone !== zone) return [];
        const operation = on.type === "service" && on.operation !== null ? on.operation : -1;
        const faultRow = this.#tally.layout.faultRow[timeline]!;
        return [{ timeline, faultRow, disturbance, share: scope.share, operation, variant: -1 }];
      }),
    );
  }
}

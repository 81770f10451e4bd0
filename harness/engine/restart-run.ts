// A service is restarted in batches: so many instances stop, as many start in their place, and when those are ready the
// next batch follows.
import { unreachable } from "../core/assert.ts";
import type { FleetState } from "./fleet-state.ts";

interface Place {
  readonly variant: number;
  readonly zone: number;
}

export class RestartRun {
  readonly #fleet: FleetState;
  readonly #service: number;
  readonly #atOnce: number;
  /** Ids of the instances that were there at the beginning and whose turn has not come. */
  readonly #waiting: number[];
  /** The batch under way: those that stop, and those that have been started in place of others. */
  readonly #stopping = new Map<number, Place>();
  readonly #starting = new Set<number>();

  /** `atOnce`: instances in a batch, at least 1. */
  constructor(fleet: FleetState, service: number, atOnce: number) {
    this.#fleet = fleet;
    this.#service = service;
    this.#atOnce = atOnce;
    this.#waiting = fleet
      .of(service)
      .filter(({ life }) => life.is === "ready" || life.is === "starting")
      .map(({ ref }) => ref.id);
  }

  get isOver(): boolean {
    return this.#waiting.length === 0 && this.#stopping.size === 0;
  }

  /** Goes on as far as the fleet allows. */
  step(): void {
    for (const [id, { variant, zone }] of this.#stopping) {
      if (this.#fleet.instance(id).life.is !== "gone") continue;
      this.#stopping.delete(id);
      this.#starting.add(this.#fleet.start(this.#service, variant, zone));
    }
    for (const id of this.#starting) if (this.#isSettled(id)) this.#starting.delete(id);
    if (this.#stopping.size > 0 || this.#starting.size > 0) return;
    for (const id of this.#waiting.splice(0, this.#atOnce)) {
      const { ref, life } = this.#fleet.instance(id);
      // Somebody else has taken it away meanwhile.
      if (life.is === "gone" || life.is === "stopping") continue;
      this.#stopping.set(id, ref);
      this.#fleet.stop(id);
    }
  }

  /** Whether nobody has to wait for it any more. */
  #isSettled(id: number): boolean {
    const { life } = this.#fleet.instance(id);
    switch (life.is) {
      case "ready":
      case "stopping":
      case "gone":
        return true;
      case "starting":
      case "started":
      case "recycled":
      case "backingOff":
      case "dying":
        return false;
      default:
        return unreachable(life);
    }
  }
}

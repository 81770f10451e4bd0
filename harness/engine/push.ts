// A push at work: the rollout's starts and stops of instances become arrivals at instances that are there. In peace,
// an instance hands over to a successor that has the content, with its connections and without a start-up. One that
// crashes of it dies where it is, and comes back with it.
import type { InstanceView } from "../rollout/fleet-view.ts";
import type { FleetState } from "./fleet-state.ts";

export class Push {
  readonly #fleet: FleetState;
  readonly #service: number;
  readonly #variant: number;
  readonly #isCrashing: boolean;
  /** Of a crashing push: when it arrived, by instance id. */
  readonly #arrivedMs = new Map<number, number>();
  /** In peace: who takes over from whom, by instance id. */
  readonly #heirs = new Map<number, number>();

  constructor(fleet: FleetState, service: number, variant: number, isCrashing: boolean) {
    this.#fleet = fleet;
    this.#service = service;
    this.#variant = variant;
    this.#isCrashing = isCrashing;
  }

  /** The service, as whoever pushes sees it: what has arrived counts, and nobody waits until those that it crashed are back. */
  view(isForward: boolean): InstanceView[] {
    const instances = this.#fleet.view(this.#service);
    if (!this.#isCrashing || !isForward) return instances;
    return instances.map((each) => {
      const arrivedMs = this.#arrivedMs.get(each.id);
      if (arrivedMs === undefined || each.life === "stopping") return each;
      return { ...each, variant: this.#variant, life: "ready", readySinceMs: arrivedMs };
    });
  }

  /** It reaches one more instance of the zone. What is taken back crashes nobody. */
  start(nowMs: number, variant: number, zone: number, isForward: boolean): void {
    const next = this.view(isForward).find(
      (each) => each.zone === zone && each.variant !== variant && each.life !== "stopping" && !this.#heirs.has(each.id),
    );
    if (!this.#isCrashing || !isForward) {
      const heir = this.#fleet.start(this.#service, variant, zone, { isWarm: true, replaces: next?.id ?? null });
      if (next !== undefined) this.#heirs.set(next.id, heir);
    } else if (next !== undefined) this.#crash(nowMs, next.id);
  }

  /** It has reached one more: this instance, or another that has handed over already. */
  stop(nowMs: number, id: number, isForward: boolean): void {
    if (this.#isCrashing && isForward) return this.#crash(nowMs, id);
    const hasHandedOver = [id, ...this.#heirs.keys()].find((each) => this.#isReplaced(each));
    this.#fleet.stop(hasHandedOver ?? id);
  }

  #isReplaced(id: number): boolean {
    const heir = this.#heirs.get(id);
    if (heir === undefined || this.#fleet.instance(heir).life.is !== "ready") return false;
    const { life } = this.#fleet.instance(id);
    return life.is !== "stopping" && life.is !== "gone";
  }

  #crash(nowMs: number, id: number): void {
    if (this.#arrivedMs.has(id)) return;
    this.#arrivedMs.set(id, nowMs);
    this.#fleet.crashInto(id, this.#variant);
  }
}

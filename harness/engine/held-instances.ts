// The instances that the faults in force have hold of. Level-triggered: after every change of the fleet or the faults,
// each instance is brought to what the faults together want of it.
import { unreachable } from "../core/assert.ts";
import type { Disturbance } from "../faults/disturbance.ts";
import { coversInstance, wantedInstances } from "../faults/scope.ts";
import type { FaultScope } from "../model/release-plan.ts";
import type { Agenda } from "./agenda.ts";
import type { FleetPort } from "./fleet-port.ts";
import type { FleetState } from "./fleet-state.ts";
import type { Instance } from "./instance-life.ts";

/** A fault that lasts, as far as instances are concerned. */
export interface Holding {
  readonly timeline: number;
  readonly scope: FaultScope;
  readonly disturbances: readonly Disturbance[];
  /** From 0 to 1 while it ramps up. */
  readonly strength: () => number;
  /** Ids of the instances it has hit and holds. */
  readonly held: Set<number>;
}

/** What was asked of an instance's process; a new generation is a new process. */
interface Applied {
  readonly generation: number;
  readonly isPaused: boolean;
  readonly isDeaf: boolean;
  readonly isUnready: boolean;
  readonly capacity: number;
  readonly leakPerMs: number;
  readonly mostConnections: number;
}

const UNTOUCHED = {
  isPaused: false,
  isDeaf: false,
  isUnready: false,
  capacity: 1,
  leakPerMs: 0,
  mostConnections: Infinity,
};

export class HeldInstances {
  readonly #port: FleetPort;
  readonly #agenda: Agenda;
  readonly #fleet: FleetState;
  /** By instance id. */
  readonly #applied = new Map<number, Applied>();
  /** Ids of those that are kept from starting again. */
  readonly #down = new Set<number>();

  constructor(port: FleetPort, agenda: Agenda, fleet: FleetState) {
    this.#port = port;
    this.#agenda = agenda;
    this.#fleet = fleet;
  }

  /** The instances that a scope covers and that run, in the order of ids; of them as many as it wants at this strength. */
  hit(scope: FaultScope, strength = 1): Instance[] {
    const matching = this.#fleet.all().filter((each) => isRunning(each) && covers(scope, each));
    return matching.slice(0, Math.floor(wantedInstances(scope, matching.length) * strength));
  }

  /** Brings the fleet to what these want. Returns whether any of them has hold of others than before. */
  follow(holdings: readonly Holding[]): boolean {
    if (holdings.length === 0 && this.#applied.size === 0 && this.#down.size === 0) return false;
    const instances = this.#fleet.all();
    let isChanged = false;
    for (const holding of holdings) if (this.#hold(holding, instances)) isChanged = true;
    for (const { ref } of instances) this.#keepDown(ref.id, wantedOf(ref.id, holdings).isDown);
    for (const instance of this.#fleet.all())
      if (hasProcess(instance, this.#agenda.nowMs)) this.#bring(instance, holdings);
    for (const id of this.#applied.keys()) {
      if (this.#fleet.instance(id).life.is === "gone") this.#applied.delete(id);
    }
    return isChanged;
  }

  /** Keeps hold of the instances it has, and takes more in the order of ids where it wants more. */
  #hold({ timeline, scope, disturbances, strength, held }: Holding, instances: readonly Instance[]): boolean {
    const isOfInstances = disturbances.some((each) => each.on === "instance" && each.do !== "slowStart");
    if (!isOfInstances && scope.instances === null) return false;
    let isChanged = false;
    for (const id of held) if (this.#fleet.instance(id).life.is === "gone") isChanged = held.delete(id);
    // What it holds it keeps counting, dead or alive.
    const matching = instances.filter((each) => held.has(each.ref.id) || (isRunning(each) && covers(scope, each)));
    const all = wantedInstances(scope, matching.length);
    const wanted = isOfInstances && !disturbances.every(hasSize) ? Math.floor(all * strength()) : all;
    for (const { ref } of matching) {
      if (held.size >= wanted) break;
      if (held.has(ref.id)) continue;
      held.add(ref.id);
      isChanged = true;
      if (isOfInstances) this.#port.countFault(timeline, 1);
    }
    return isChanged;
  }

  #keepDown(id: number, isDown: boolean): void {
    if (this.#down.has(id) === isDown) return;
    if (isDown) {
      this.#down.add(id);
      this.#fleet.keepDown(id);
    } else {
      this.#down.delete(id);
      this.#fleet.letUp(id);
    }
  }

  #bring({ ref }: Instance, holdings: readonly Holding[]): void {
    const known = this.#applied.get(ref.id);
    const before = known?.generation === ref.generation ? known : UNTOUCHED;
    const { isDown: _, ...wanted } = wantedOf(ref.id, holdings);
    if (wanted.isDeaf !== before.isDeaf) this.#port.listen!(ref, !wanted.isDeaf);
    if (wanted.leakPerMs !== before.leakPerMs) this.#port.order!(ref, { do: "leak", bytesPerMs: wanted.leakPerMs });
    if (wanted.mostConnections !== before.mostConnections)
      this.#port.order!(ref, {
        do: "limitConnections",
        most: wanted.mostConnections === Infinity ? null : wanted.mostConnections,
      });
    if (wanted.capacity !== before.capacity) this.#port.capacity(ref, wanted.capacity);
    if (wanted.isPaused && !before.isPaused) {
      this.#port.pause(ref);
      this.#fleet.report(ref.id, "paused");
    } else if (!wanted.isPaused && before.isPaused) {
      this.#port.resume(ref);
      this.#fleet.report(ref.id, "resumed");
    }
    const isUnready = this.#withdraw(ref.id, wanted.isUnready, before.isUnready);
    this.#applied.set(ref.id, { generation: ref.generation, ...wanted, isUnready });
  }

  /** By its probe where it has one, else at once, as soon as it is ready. Returns whether it now is withdrawn. */
  #withdraw(id: number, isWanted: boolean, isWithdrawn: boolean): boolean {
    const fleet = this.#fleet;
    const isReady = fleet.instance(id).life.is === "ready";
    if (isWanted === isWithdrawn && !(isWanted && isReady)) return isWithdrawn;
    if (fleet.care?.failReadiness(id, isWanted) === true) return isWanted;
    if (!isWanted) fleet.becomeReady(id);
    else if (isReady) fleet.becomeUnready(id);
    else return false;
    return isWanted;
  }
}

/** All faults together: paused or deaf by any, the shares of CPU multiplied. */
function wantedOf(
  id: number,
  holdings: readonly Holding[],
): Omit<Applied, "generation"> & { readonly isDown: boolean } {
  let isPaused = false;
  let isDeaf = false;
  let isDown = false;
  let isUnready = false;
  let capacity = 1;
  let leakPerMs = 0;
  let mostConnections = Infinity;
  for (const { disturbances, held, strength } of holdings) {
    if (!held.has(id)) continue;
    for (const disturbance of disturbances) {
      if (disturbance.on !== "instance") continue;
      switch (disturbance.do) {
        case "stop":
          isPaused = true;
          break;
        case "refuse":
          isDeaf = true;
          break;
        case "capacity":
          capacity *= 1 - (1 - disturbance.ratio) * strength();
          break;
        case "down":
          isDown = true;
          break;
        case "unready":
          isUnready = true;
          break;
        case "leak":
          leakPerMs += disturbance.bytesPerMs * strength();
          break;
        case "limitConnections":
          mostConnections = Math.min(mostConnections, disturbance.most);
          break;
        case "kill":
        case "flush":
        case "restart":
        case "slowStart":
          break;
        default:
          unreachable(disturbance);
      }
    }
  }
  return { isPaused, isDeaf, isDown, isUnready, capacity, leakPerMs, mostConnections };
}

/** Whether a word on instances has a size that can grow; of the others the number of instances grows. */
function hasSize({ do: does }: Disturbance): boolean {
  return does === "capacity" || does === "leak";
}

function covers(scope: FaultScope, { ref, ordinal }: Instance): boolean {
  return coversInstance(scope, { service: ref.service, variant: ref.variant, zone: ref.zone, ordinal });
}

/** Part of the fleet, and not on its way out. */
function isRunning({ life }: Instance): boolean {
  return life.is === "ready" || life.is === "started" || life.is === "starting";
}

/** Whether there is a process that can be told something. */
function hasProcess({ life }: Instance, nowMs: number): boolean {
  switch (life.is) {
    case "ready":
    case "started":
      return true;
    case "stopping":
      return life.toldMs === null || life.toldMs < nowMs;
    case "starting":
      return life.isUp;
    case "dying":
    case "recycled":
    case "backingOff":
    case "gone":
      return false;
    default:
      return unreachable(life);
  }
}

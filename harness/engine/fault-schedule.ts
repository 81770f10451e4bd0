// Faults in force: their disturbances reach the engine, and the instances that they hit. Level-triggered: after
// every change of the fleet, each instance is brought to what the faults in force want of it.
import { faults, isFaultKind } from "../faults/catalogue.ts";
import type { Disturbance } from "../faults/disturbance.ts";
import { coversInstance, faultEndMs, wantedInstances } from "../faults/scope.ts";
import { assert, unreachable } from "../core/assert.ts";
import type { TimelineEventPlan } from "../model/release-plan.ts";
import type { Agenda } from "./agenda.ts";
import type { FleetPort } from "./fleet-port.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { FleetState, Instance } from "./fleet-state.ts";

type FaultEvent = Extract<TimelineEventPlan, { do: "fault" }>;
type OnInstance = Extract<Disturbance, { on: "instance" }>;

/** A fault that lasts. */
interface Active {
  readonly timeline: number;
  readonly event: FaultEvent;
  readonly disturbances: readonly Disturbance[];
  /** Ids of the instances it has hit and holds. */
  readonly held: Set<number>;
}

/** What was asked of an instance's process; a new generation is a new process. */
interface Applied {
  readonly generation: number;
  readonly isPaused: boolean;
  readonly capacity: number;
}

export class FaultSchedule {
  readonly #port: FleetPort;
  readonly #agenda: Agenda;
  readonly #fleet: FleetState;
  readonly #active: Active[] = [];
  /** By instance id. */
  readonly #applied = new Map<number, Applied>();
  #seenVersion = -1;
  /** A fault on instances has begun or ended since they were last brought up. */
  #isChanged = false;

  constructor(port: FleetPort, agenda: Agenda, fleet: FleetState) {
    this.#port = port;
    this.#agenda = agenda;
    this.#fleet = fleet;
  }

  /** Whether a fault that is part of the trigger goes on. */
  get isTriggerPresent(): boolean {
    return this.#active.some(({ event }) => !event.background);
  }

  begin(timeline: number, event: FaultEvent): void {
    const { kind, attributes } = event.fault;
    assert(isFaultKind(kind), `the compiler checked the fault kind ${kind}`);
    const disturbances = faults[kind].disturb(attributes);
    this.#record(timeline, "begin");
    if (disturbances.some((each) => each.do === "kill")) this.#kill(timeline, event);
    const lasting = disturbances.filter((each) => each.do !== "kill");
    if (lasting.length === 0) return;
    const active: Active = { timeline, event, disturbances: lasting, held: new Set() };
    this.#active.push(active);
    this.#changed(active);
    this.#agenda.at(faultEndMs(event), () => this.#end(active));
  }

  /** Brings every instance to what the faults in force want of it, after the fleet or the faults have changed. */
  follow(): void {
    if (this.#seenVersion === this.#fleet.version && !this.#isChanged) return;
    this.#seenVersion = this.#fleet.version;
    this.#isChanged = false;
    if (this.#active.length > 0 || this.#applied.size > 0) this.#apply();
  }

  #end(active: Active): void {
    this.#active.splice(this.#active.indexOf(active), 1);
    this.#record(active.timeline, "end");
    this.#changed(active);
  }

  #kill(timeline: number, { fault: { scope } }: FaultEvent): void {
    const matching = this.#fleet.all().filter((each) => isRunning(each) && covers(scope, each));
    const hit = matching.slice(0, wantedInstances(scope, matching.length));
    if (hit.length > 0) this.#port.countFault(timeline, hit.length);
    for (const { ref } of hit) this.#fleet.crash(ref.id);
  }

  #changed({ disturbances }: Active): void {
    if (disturbances.some((each) => each.on === "request")) this.#port.disturb(this.#onRequests());
    if (disturbances.some((each) => each.on === "instance")) this.#isChanged = true;
  }

  #onRequests(): ActiveDisturbance[] {
    return this.#active.flatMap(({ timeline, event, disturbances }) =>
      disturbances.flatMap((disturbance): ActiveDisturbance[] =>
        disturbance.on === "request" ? [{ timeline, disturbance, scope: event.fault.scope }] : [],
      ),
    );
  }

  #apply(): void {
    const instances = this.#fleet.all();
    for (const active of this.#active) this.#hold(active, instances);
    for (const instance of instances) if (hasProcess(instance, this.#agenda.nowMs)) this.#bring(instance);
    for (const id of this.#applied.keys()) {
      if (this.#fleet.instance(id).life.is === "gone") this.#applied.delete(id);
    }
  }

  /** Keeps hold of the instances it has, and takes more in the order of ids where it wants more. */
  #hold({ timeline, event, disturbances, held }: Active, instances: readonly Instance[]): void {
    if (!disturbances.some((each) => each.on === "instance")) return;
    const { scope } = event.fault;
    for (const id of held) if (this.#fleet.instance(id).life.is === "gone") held.delete(id);
    const matching = instances.filter((each) => isRunning(each) && covers(scope, each));
    const wanted = wantedInstances(scope, matching.length);
    for (const { ref } of matching) {
      if (held.size >= wanted) return;
      if (held.has(ref.id)) continue;
      held.add(ref.id);
      this.#port.countFault(timeline, 1);
    }
  }

  #bring({ ref }: Instance): void {
    const known = this.#applied.get(ref.id);
    const before = known?.generation === ref.generation ? known : { isPaused: false, capacity: 1 };
    const wanted = this.#wantedOf(ref.id);
    if (wanted.capacity !== before.capacity) this.#port.capacity(ref, wanted.capacity);
    if (wanted.isPaused && !before.isPaused) {
      this.#port.pause(ref);
      this.#fleet.report(ref.id, "paused");
    } else if (!wanted.isPaused && before.isPaused) {
      this.#port.resume(ref);
      this.#fleet.report(ref.id, "resumed");
    }
    this.#applied.set(ref.id, { generation: ref.generation, ...wanted });
  }

  /** All faults together: paused by any, the shares of CPU multiplied. */
  #wantedOf(id: number): { readonly isPaused: boolean; readonly capacity: number } {
    let isPaused = false;
    let capacity = 1;
    for (const { disturbances, held } of this.#active) {
      if (!held.has(id)) continue;
      for (const disturbance of disturbances) {
        if (disturbance.on !== "instance") continue;
        const each: OnInstance = disturbance;
        switch (each.do) {
          case "stop":
            isPaused = true;
            break;
          case "capacity":
            capacity *= each.ratio;
            break;
          case "kill":
            break;
          default:
            unreachable(each);
        }
      }
    }
    return { isPaused, capacity };
  }

  #record(timeline: number, state: "begin" | "end"): void {
    this.#port.record({ atMs: this.#agenda.nowMs, kind: "timeline", timeline, state });
  }
}

function covers(scope: FaultEvent["fault"]["scope"], { ref, ordinal }: Instance): boolean {
  return coversInstance(scope, { service: ref.service, variant: ref.variant, zone: ref.zone, ordinal });
}

/** Part of the fleet, and not on its way out. */
function isRunning({ life }: Instance): boolean {
  return life.is === "ready" || life.is === "starting";
}

/** Whether there is a process that can be told something. */
function hasProcess({ life }: Instance, nowMs: number): boolean {
  switch (life.is) {
    case "ready":
      return true;
    case "stopping":
      return life.toldMs === null || life.toldMs < nowMs;
    case "starting":
      return life.isUp;
    case "dying":
    case "backingOff":
    case "gone":
      return false;
    default:
      return unreachable(life);
  }
}

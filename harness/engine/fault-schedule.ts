// When faults are in force: at a time, for a time, again and again, while a condition holds, and how strong they are
// meanwhile. Their disturbances reach the engine, and the instances that they hold (held-instances.ts).
import { assert } from "../core/assert.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { faults, isFaultKind } from "../faults/catalogue.ts";
import type { Disturbance } from "../faults/disturbance.ts";
import { isInstant, strengthOf } from "../faults/schedule.ts";
import { coversInstance, type ScopedInstance } from "../faults/scope.ts";
import type { TimelineEventPlan } from "../model/release-plan.ts";
import { isBroken } from "../signals/limit.ts";
import type { Agenda } from "./agenda.ts";
import type { FleetPort } from "./fleet-port.ts";
import type { FleetState } from "./fleet-state.ts";
import { HeldInstances, type Holding } from "./held-instances.ts";

type FaultEvent = Extract<TimelineEventPlan, { do: "fault" }>;

/** A metric over the last `overMs` as monitoring sees it; null = no data. */
export type Look = (metric: string, overMs: number, of: "itself" | "stable") => number | null;

/** A fault that lasts. */
interface Active extends Holding {
  readonly event: FaultEvent;
  readonly sinceMs: number;
}

/** A fault that waits for its condition, or may meet it again. */
interface Armed {
  readonly timeline: number;
  readonly event: FaultEvent;
  beganMs: number;
  active: Active | null;
}

/** In so many steps a fault on instances ramps up. On requests it grows from one to the next. */
const RAMP_STEPS = 20;

export class FaultSchedule {
  readonly #port: FleetPort;
  readonly #agenda: Agenda;
  readonly #fleet: FleetState;
  readonly #instances: HeldInstances;
  /** Told before a fault begins. */
  readonly #onBegin: (event: FaultEvent) => void;
  readonly #active: Active[] = [];
  readonly #armed: Armed[] = [];
  #seenVersion = -1;
  /** A fault has begun, ended or grown since the instances were last brought up. */
  #isChanged = false;

  constructor(port: FleetPort, agenda: Agenda, fleet: FleetState, onBegin: (event: FaultEvent) => void) {
    this.#port = port;
    this.#agenda = agenda;
    this.#fleet = fleet;
    this.#onBegin = onBegin;
    this.#instances = new HeldInstances(port, agenda, fleet);
    fleet.startUps.slownessOf = (instance) => this.#slownessOf(instance);
  }

  /** Whether a fault that is part of the trigger goes on. */
  get isTriggerPresent(): boolean {
    return this.#active.some(({ event }) => !event.background);
  }

  /** Its time has come: it begins, or from now on waits for its condition. */
  play(timeline: number, event: FaultEvent): void {
    if (event.when === undefined) this.#beginAt(event.atMs, timeline, event);
    else this.#armed.push({ timeline, event, beganMs: -Infinity, active: null });
  }

  /** Monitoring has seen more: conditions may hold that did not, or no longer. */
  saw(look: Look): void {
    for (const armed of this.#armed) {
      const { metric, overMs, limit } = armed.event.when!;
      const stable = limit.relativeToStable ? look(metric, overMs, "stable") : null;
      const isMissed = isBroken(limit, look(metric, overMs, "itself"), stable);
      if (isMissed !== null) this.#meet(armed, !isMissed);
    }
  }

  /** Brings every instance to what the faults in force want of it, after the fleet or the faults have changed. */
  follow(): void {
    if (this.#seenVersion === this.#fleet.version && !this.#isChanged) return;
    this.#seenVersion = this.#fleet.version;
    this.#isChanged = false;
    const isTaken = this.#instances.follow(this.#active);
    if (isTaken && this.#active.some(({ disturbances }) => disturbances.some(isTold))) this.#port.disturb(this.#told());
  }

  #beginAt(dueMs: number, timeline: number, event: FaultEvent): void {
    this.#begin(timeline, event);
    const { repeatMs } = event;
    if (repeatMs !== undefined)
      this.#agenda.at(dueMs + repeatMs, () => this.#beginAt(dueMs + repeatMs, timeline, event));
  }

  /** A fault without `for` lasts while its condition holds; one with `for` begins once, or again after `repeatEvery`. */
  #meet(armed: Armed, holds: boolean): void {
    const { timeline, event, beganMs, active } = armed;
    const { nowMs } = this.#agenda;
    const isOn = active !== null && this.#active.includes(active);
    if (isOn && !holds && event.forMs === null) this.#end(active);
    if (isOn || !holds) return;
    const isDue = beganMs === -Infinity || nowMs >= beganMs + (event.repeatMs ?? Infinity);
    const lastsWhileItHolds = event.forMs === null && event.repeatMs === undefined && active !== null;
    if (!isDue && !lastsWhileItHolds) return;
    armed.beganMs = nowMs;
    armed.active = this.#begin(timeline, event);
  }

  /** Null for one that is over at once. */
  #begin(timeline: number, event: FaultEvent): Active | null {
    const { kind, attributes, scope } = event.fault;
    assert(isFaultKind(kind), `the compiler checked the fault kind ${kind}`);
    const disturbances = faults[kind].disturb(attributes);
    this.#onBegin(event);
    this.#record(timeline, "begin");
    if (disturbances.some((each) => each.do === "kill")) this.#strike(timeline, event, (id) => this.#fleet.crash(id));
    if (disturbances.some((each) => each.do === "restart"))
      this.#strike(timeline, event, (id) => this.#fleet.restart(id));
    if (disturbances.some((each) => each.do === "flush"))
      this.#strike(timeline, event, (id) => this.#port.order!(this.#fleet.instance(id).ref, { do: "flush" }));
    const lasting = disturbances.filter((each) => !isInstant(each));
    if (lasting.length === 0) return null;
    const sinceMs = this.#agenda.nowMs;
    const strength = (): number => strengthOf(this.#agenda.nowMs - sinceMs, event.rampMs);
    const active = { timeline, event, scope, disturbances: lasting, sinceMs, strength, held: new Set<number>() };
    this.#active.push(active);
    this.#changed(active);
    if (event.forMs !== null) this.#agenda.at(sinceMs + event.forMs, () => this.#end(active));
    if (event.rampMs !== undefined) this.#ramp(active, event.rampMs);
    return active;
  }

  #end(active: Active): void {
    const index = this.#active.indexOf(active);
    if (index < 0) return;
    this.#active.splice(index, 1);
    this.#record(active.timeline, "end");
    this.#changed(active);
  }

  #ramp(active: Active, rampMs: number): void {
    if (!active.disturbances.some((each) => each.on === "instance")) return;
    for (let step = 1; step <= RAMP_STEPS; step++) {
      this.#agenda.at(active.sinceMs + (rampMs * step) / RAMP_STEPS, () => (this.#isChanged = true));
    }
  }

  /** Does something once to the instances in the scope. */
  #strike(timeline: number, { fault: { scope } }: FaultEvent, strike: (id: number) => void): void {
    const hit = this.#instances.hit(scope);
    if (hit.length > 0) this.#port.countFault(timeline, hit.length);
    for (const { ref } of hit) strike(ref.id);
  }

  /** How many times as long an instance takes that starts now. */
  #slownessOf(instance: Omit<ScopedInstance, "ordinal">): number {
    let slowness = 1;
    for (const { timeline, scope, disturbances, strength } of this.#active) {
      for (const each of disturbances) {
        if (each.do !== "slowStart" || !coversInstance(scope, { ...instance, ordinal: -1 })) continue;
        slowness *= 1 + (each.times - 1) * strength();
        this.#port.countFault(timeline, 1);
      }
    }
    return slowness;
  }

  #changed({ disturbances, scope }: Active): void {
    // With some instances only, requests are disturbed as soon as these are known.
    if (disturbances.some(isTold)) this.#port.disturb(this.#told());
    if (scope.instances !== null || disturbances.some((each) => each.on === "instance")) this.#isChanged = true;
  }

  #told(): ActiveDisturbance[] {
    return this.#active.flatMap(({ timeline, event, disturbances, scope, sinceMs, held }) => {
      const { rampMs } = event;
      const more = {
        sinceMs,
        ...(rampMs === undefined ? {} : { rampMs }),
        ...(scope.instances === null ? {} : { instances: [...held] }),
      };
      return disturbances.flatMap((disturbance): ActiveDisturbance[] =>
        isTold(disturbance) ? [{ timeline, disturbance, scope, ...more }] : [],
      );
    });
  }

  #record(timeline: number, state: "begin" | "end"): void {
    this.#port.record({ atMs: this.#agenda.nowMs, kind: "timeline", timeline, state });
  }
}

/** Whether a word is told to the actors, and not done to instances. */
function isTold(disturbance: Disturbance): disturbance is ActiveDisturbance["disturbance"] {
  return disturbance.on !== "instance";
}

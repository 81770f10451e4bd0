// The autoscalers of the fleet: at every sync each looks at its metric, and instances are started or stopped.
// A release of the service that is under way has the fleet to itself.
import type { Plan } from "../model/plan.ts";
import type { AutoscalingPlan } from "../model/autoscaling-plan.ts";
import { Autoscaler } from "../response/autoscaler.ts";
import type { Happening } from "./agenda.ts";
import type { FleetState } from "./fleet-state.ts";
import type { Instance } from "./instance-life.ts";
import type { Monitor } from "./monitor.ts";

interface Scaled {
  readonly service: number;
  readonly name: string;
  readonly plan: AutoscalingPlan;
  readonly autoscaler: Autoscaler;
  syncs: number;
}

export class Autoscaling {
  readonly #fleet: FleetState;
  readonly #monitor: Monitor;
  readonly #scaled: readonly Scaled[];
  readonly #record: (happening: Happening) => void;

  constructor({ services }: Plan, fleet: FleetState, monitor: Monitor, record: (happening: Happening) => void) {
    this.#record = record;
    this.#fleet = fleet;
    this.#monitor = monitor;
    this.#scaled = services.flatMap(({ name, autoscaling }, service) =>
      autoscaling === undefined
        ? []
        : [{ service, name, plan: autoscaling, autoscaler: new Autoscaler(autoscaling), syncs: 1 }],
    );
  }

  nextWakeup(): number {
    return this.#scaled.reduce((next, { plan, syncs }) => Math.min(next, syncs * plan.syncPeriodMs), Infinity);
  }

  /** Syncs those that are due, but for services that somebody else is changing. */
  wake(nowMs: number, isTaken: (service: number) => boolean): void {
    for (const scaled of this.#scaled) {
      if (scaled.syncs * scaled.plan.syncPeriodMs > nowMs) continue;
      scaled.syncs = Math.floor(nowMs / scaled.plan.syncPeriodMs) + 1;
      if (!isTaken(scaled.service)) this.#sync(nowMs, scaled);
    }
  }

  #sync(nowMs: number, { service, name, plan, autoscaler }: Scaled): void {
    const instances = this.#fleet.of(service).filter(({ life }) => life.is !== "stopping");
    const ready = instances.filter(({ life }) => life.is === "ready").length;
    const metric = this.#monitor.measure(plan.metric, plan.overMs, nowMs, "itself");
    const wanted = autoscaler.decide(nowMs, { replicas: instances.length, ready, metric });
    if (wanted === instances.length) return;
    this.#record({
      kind: "scaling",
      service: name,
      from: instances.length,
      to: wanted,
      metric: plan.metric,
      value: metric,
    });
    for (let more = instances.length; more < wanted; more++) this.#add(service);
    for (let less = instances.length; less > wanted; less--) this.#remove(service);
    this.#fleet.sizes.set(
      service,
      this.#byZone(service).map(({ length }) => length),
    );
  }

  /** One more of the version that most have, in the zone that has the fewest. */
  #add(service: number): void {
    const zones = this.#byZone(service);
    const variants = new Map<number, number>();
    for (const { ref } of zones.flat()) variants.set(ref.variant, (variants.get(ref.variant) ?? 0) + 1);
    const variant = [...variants].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0];
    const zone = zones.reduce((least, each, index) => (each.length < zones[least]!.length ? index : least), 0);
    this.#fleet.start(service, variant, zone);
  }

  /** One that is not ready goes first, then the youngest, in the zone that has the most. */
  #remove(service: number): void {
    const zones = this.#byZone(service);
    const most = zones.reduce((largest, each) => (each.length > largest.length ? each : largest));
    const victim = most.findLast(({ life }) => life.is !== "ready") ?? most.at(-1);
    if (victim !== undefined) this.#fleet.stop(victim.ref.id);
  }

  #byZone(service: number): Instance[][] {
    const zones = this.#fleet.sizes.of(service).map((): Instance[] => []);
    for (const each of this.#fleet.of(service)) if (each.life.is !== "stopping") zones[each.ref.zone]!.push(each);
    return zones;
  }
}

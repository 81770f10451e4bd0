// The instances of the fleet and their lives. The engine reports that a process is there or gone; everything
// between (start-up time, withdrawal, grace, starting again after a crash) is decided here.
//
//   start ─► starting ─(up, and start-up over)─► ready ─► stopping ─(discovery delay)─► stop ─(grace)─► kill ─► gone
//               ▲────────── crashed, next generation, perhaps after a back-off ◄──────┘
import { assert } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { InstanceView } from "../rollout/fleet-view.ts";
import type { Agenda } from "./agenda.ts";
import { Care, needsCare } from "./care.ts";
import type { CarePort } from "./care-port.ts";
import type { FleetPort } from "./fleet-port.ts";
import type { InstanceRef } from "../model/route.ts";
import { initialZones } from "./initial-zones.ts";
import {
  COLD,
  eventOf,
  type Instance,
  type InstanceEventState,
  isEndpoint,
  type Life,
  viewOf,
} from "./instance-life.ts";
import { Restarts } from "./restarts.ts";
import { Sizes } from "./sizes.ts";
import { StartUps } from "./start-ups.ts";

export class FleetState {
  readonly #plan: Plan;
  readonly #port: FleetPort;
  readonly #agenda: Agenda;
  readonly #onEndpoints: (service: number) => void;
  readonly startUps: StartUps;
  readonly #restarts: Restarts;
  /** null where no instance needs any. */
  readonly care: Care | null;
  readonly #carePort: CarePort | null;
  /** By instance id. */
  readonly #instances: Instance[] = [];
  /** Ids by service; those that are gone are taken out. */
  readonly #idsOf: number[][];
  readonly #startedOf: number[];
  /** How many instances of each service there shall be. */
  readonly sizes: Sizes;
  /** Ids of those that start again when they have ended, and of those that must not before somebody says so. */
  readonly #again = new Set<number>();
  readonly #down = new Set<number>();
  #version = 0;

  /** `onEndpoints` hears when the ready instances of a service are others than before. */
  constructor(
    plan: Plan,
    port: FleetPort,
    agenda: Agenda,
    onEndpoints: (service: number) => void,
    care: CarePort | null = null,
  ) {
    this.#plan = plan;
    this.#port = port;
    this.#agenda = agenda;
    this.#onEndpoints = onEndpoints;
    this.startUps = new StartUps(plan);
    this.#restarts = new Restarts(plan);
    assert(care !== null || !needsCare(plan), "an engine that runs plans with probes can carry them out");
    this.#carePort = care;
    this.care = care !== null && needsCare(plan) ? new Care(plan, care, this) : null;
    this.#idsOf = plan.services.map(() => []);
    this.#startedOf = plan.services.map(() => 0);
    this.sizes = new Sizes(plan);
  }

  /** Raised by every change: whoever saw the same number saw the same fleet. */
  get version(): number {
    return this.#version;
  }

  /** The fleet as the topology has it: stable versions, ready at once. */
  startInitial(): void {
    this.#plan.services.forEach(({ replicasPerZone }, service) => {
      for (const zone of initialZones(replicasPerZone)) {
        const { ref } = this.#enlist(service, 0, zone, { is: "ready", sinceMs: -Infinity });
        this.#port.start(ref, true);
        this.#port.ready(ref);
        this.care?.adopt(ref);
      }
    });
  }

  /** Returns the id of the new instance. */
  start(service: number, variant: number, zone: number, how = COLD): number {
    const life: Life = how.isWarm
      ? { is: "starting", isUp: false, startUpEndMs: this.#agenda.nowMs }
      : this.#startingLife(this.#instances.length, 0, service, variant, zone);
    const instance = this.#enlist(service, variant, zone, life, how.replaces);
    this.#launch(instance);
    return instance.ref.id;
  }

  /** Graceful: withdrawn now, told to stop when callers know, killed when its grace is over. */
  stop(id: number): void {
    const { ref, life } = this.instance(id);
    // Whoever stops one that is being restarted wants it gone.
    this.#again.delete(id);
    if (life.is === "stopping" || life.is === "gone") return;
    this.#live(id, { is: "stopping", toldMs: null });
    this.care?.leave(id);
    this.report(id, "stopping");
    if (life.is === "backingOff") return this.#retire(id);
    if (isEndpoint(life)) this.#onEndpoints(ref.service);
    const graceMs = this.#graceMs(ref);
    const stopMs = this.#agenda.nowMs + this.#plan.discoveryDelayMs;
    if (graceMs > 0) this.#agenda.at(stopMs, () => this.#end(id, () => this.#port.stop(ref)));
    this.#agenda.at(stopMs + graceMs, () => this.#end(id, () => this.#port.kill(ref)));
  }

  /** A crash that a fault asks for: what it held is lost, and it starts again when it is seen dead and its back-off is over. */
  crash(id: number): void {
    const { ref, life } = this.instance(id);
    if (life.is !== "ready" && life.is !== "started" && life.is !== "starting") return;
    this.#live(id, { is: "dying" });
    this.care?.leave(id);
    this.#port.kill(ref);
    if (life.is === "ready") this.#onEndpoints(ref.service);
  }

  /** Its probes found it dead: told to end, killed when its grace is over, started again when it is seen to have ended. */
  recycle(id: number): void {
    const { ref, life } = this.instance(id);
    if (life.is !== "ready" && life.is !== "started" && life.is !== "starting") return;
    this.#live(id, { is: "recycled", wasReady: life.is === "ready" });
    this.report(id, "unhealthy");
    this.#port.stop(ref);
    this.#agenda.at(this.#agenda.nowMs + this.#graceMs(ref), () => {
      const now = this.instance(id);
      if (now.life.is === "recycled" && now.ref.generation === ref.generation) this.#port.kill(ref);
    });
  }

  /** Told to end as by `stop`, and started again when it has. */
  restart(id: number): void {
    const { life } = this.instance(id);
    if (life.is !== "ready" && life.is !== "started" && life.is !== "starting") return;
    this.stop(id);
    this.#again.add(id);
  }

  /** It dies, and is not started again before `letUp`. */
  keepDown(id: number): void {
    this.#down.add(id);
    this.crash(id);
  }

  letUp(id: number): void {
    this.#down.delete(id);
    this.#restart(id);
  }

  /** As `crash`, but what starts again is of this variant. One that is on its way back already comes back as that. */
  crashInto(id: number, variant: number): void {
    this.#restarts.become(id, variant);
    this.crash(id);
  }

  /** The engine saw the process. */
  up(id: number, generation: number): void {
    const { ref, life } = this.instance(id);
    if (ref.generation !== generation || life.is !== "starting") return;
    this.#live(id, { ...life, isUp: true });
    this.care?.born(this.#agenda.nowMs, ref);
    this.#readyIfStarted(id, generation);
  }

  /** The engine saw the process end. An instance that nobody stopped has crashed, whatever it looked like. */
  gone(id: number, generation: number): void {
    const { ref, life } = this.instance(id);
    if (ref.generation !== generation || life.is === "gone") return;
    const isRestarted = life.is === "stopping" && this.#again.delete(id);
    if (life.is === "stopping" && !isRestarted) return this.#retire(id);
    this.care?.leave(id);
    this.report(id, life.is === "recycled" || isRestarted ? "stopped" : "crashed");
    const { nowMs } = this.#agenda;
    const delayMs = isRestarted ? 0 : this.#restarts.delayMs(nowMs, ref);
    this.#instances[id] = { ...this.instance(id), ref: { ...ref, generation: generation + 1 } };
    this.#live(id, { is: "backingOff" });
    if (isEndpoint(life)) this.#onEndpoints(ref.service);
    if (delayMs === 0) return this.#restart(id);
    this.report(id, "backingOff");
    this.#agenda.at(nowMs + delayMs, () => this.#restart(id));
  }

  instance(id: number): Instance {
    const instance = this.#instances[id];
    assert(instance !== undefined, "an instance is known by the id that the conductor gave it");
    return instance;
  }

  /** Every instance that is not gone, in the order of ids. */
  all(): Instance[] {
    return this.#instances.filter(({ life }) => life.is !== "gone");
  }

  of(service: number): Instance[] {
    return this.#idsOf[service]!.map((id) => this.instance(id));
  }

  /** What a rollout sees of a service. */
  view(service: number): InstanceView[] {
    return this.of(service).map(viewOf);
  }

  /** Tells the run's story about an instance. */
  report(id: number, state: InstanceEventState): void {
    this.#port.record(eventOf(this.instance(id), state, this.#plan, this.#agenda.nowMs));
  }

  #enlist(service: number, variant: number, zone: number, life: Life, replaces: number | null = null): Instance {
    const id = this.#instances.length;
    const ordinal = this.#startedOf[service]!++;
    const name = `${this.#plan.services[service]!.name}#${ordinal}`;
    const ref = { id, generation: 0, service, variant, zone, ...(replaces === null ? {} : { replaces }) };
    const instance = { ref, ordinal, name, life };
    this.#instances.push(instance);
    this.#idsOf[service]!.push(id);
    this.#version++;
    return instance;
  }

  #restart(id: number): void {
    const instance = this.instance(id);
    if (instance.life.is !== "backingOff" || this.#down.has(id)) return;
    const ref = this.#restarts.reborn(instance.ref);
    this.#instances[id] = { ...instance, ref };
    this.#live(id, this.#startingLife(id, ref.generation, ref.service, ref.variant, ref.zone));
    this.#launch(this.instance(id));
  }

  #retire(id: number): void {
    const { service } = this.instance(id).ref;
    this.#live(id, { is: "gone" });
    this.#idsOf[service] = this.#idsOf[service]!.filter((each) => each !== id);
    this.#restarts.forget(id);
    this.report(id, "stopped");
  }

  #startingLife(id: number, generation: number, service: number, variant: number, zone: number): Life {
    const startUpMs = this.startUps.draw(id, generation, service, variant, zone);
    return { is: "starting", isUp: false, startUpEndMs: this.#agenda.nowMs + startUpMs };
  }

  #launch({ ref, life }: Instance): void {
    assert(life.is === "starting", "an instance is launched into its start-up");
    this.report(ref.id, "starting");
    this.#port.start(ref, false);
    this.#agenda.at(life.startUpEndMs, () => this.#readyIfStarted(ref.id, ref.generation));
  }

  #readyIfStarted(id: number, generation: number): void {
    const { ref, life } = this.instance(id);
    if (ref.generation !== generation || life.is !== "starting") return;
    if (!life.isUp || this.#agenda.nowMs < life.startUpEndMs) return;
    const { life: own } = this.#plan.services[ref.service]!.variants[ref.variant]!;
    if (own?.crash.onStart === true) return this.crash(id);
    this.#live(id, { is: "started" });
    if (this.care === null) this.becomeReady(id);
    else this.care.served(ref);
  }

  becomeReady(id: number): void {
    const { ref, life } = this.instance(id);
    if (life.is !== "started") return;
    this.#live(id, { is: "ready", sinceMs: this.#agenda.nowMs });
    this.#port.ready(ref);
    this.report(id, "ready");
    this.#onEndpoints(ref.service);
  }

  becomeUnready(id: number): void {
    const { ref, life } = this.instance(id);
    if (life.is !== "ready") return;
    this.#live(id, { is: "started" });
    this.#carePort!.unready(ref);
    this.report(id, "unready");
    this.#onEndpoints(ref.service);
  }

  #graceMs({ service, variant }: InstanceRef): number {
    return this.#plan.services[service]!.variants[variant]!.terminationGraceMs;
  }

  #end(id: number, tell: () => void): void {
    if (this.instance(id).life.is !== "stopping") return;
    this.#live(id, { is: "stopping", toldMs: this.#agenda.nowMs });
    tell();
  }

  #live(id: number, life: Life): void {
    this.#instances[id] = { ...this.instance(id), life };
    this.#version++;
  }
}

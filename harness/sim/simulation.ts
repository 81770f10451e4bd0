// One run in virtual time. The loop takes whatever comes first: a message that arrives, an actor or the conductor that
// wants to be woken, the end of a bucket. Ties: end of bucket, then messages in the order they were
// sent, then wake-ups: the conductor's, then by address.
// All decisions are made by the actors' machines and the conductor; this file only keeps time and carries messages.
import { assert } from "../core/assert.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import { LoadActor } from "../actor/load-actor.ts";
import { ServiceActor } from "../actor/service-actor.ts";
import { Conductor } from "../engine/conductor.ts";
import type { CarePort } from "../engine/care-port.ts";
import type { FleetPort } from "../engine/fleet-port.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { InstanceOrder } from "../faults/instance-order.ts";
import type { ClientOrder } from "../model/client-order.ts";
import type { InstanceRef, Route } from "../model/route.ts";
import type { Plan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import type { RecordingSink } from "../recording/recording.ts";
import { FAULT, FAULT_WIDTH, LIFE, SERVICE_WIDTH } from "../signals/columns.ts";
import { layoutOf } from "../signals/layout.ts";
import { Tally } from "../signals/tally.ts";
import { Delivery } from "./delivery.ts";
import { assertLittle } from "./little.ts";
import { Network, NOBODY } from "./network.ts";
import { type InstanceNews, Port } from "./port.ts";

/** The wake-up of the conductor; actors follow at their address + 1. */
const CONDUCTOR = 0;

export class Simulation implements FleetPort, CarePort {
  readonly #plan: Plan;
  readonly #sink: RecordingSink;
  readonly #tally: Tally;
  readonly #network: Network;
  readonly #delivery: Delivery;
  readonly #conductor: Conductor;
  readonly #wakes = new WakeHeap();
  readonly #loads: LoadActor[] = [];
  readonly #routes = new Map<number, Route>();
  #disturbances: readonly ActiveDisturbance[] = [];
  /** Instances of each service that were started at time 0. */
  readonly #ordinals: number[];
  readonly #ordinalOf: number[] = [];
  /** What the conductor is to be told, in order. */
  readonly #news: (() => void)[] = [];
  readonly #instanceNews: InstanceNews = {
    drained: (id) => this.#ended(id, "stopped"),
    crashed: (id) => this.#ended(id, "crashed"),
    errandDone: (id, serial, isOk) => this.#errandDone(id, serial, isOk),
  };
  #bucket = 0;

  constructor(plan: Plan, sink: RecordingSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#tally = new Tally(layoutOf(plan));
    this.#network = new Network(plan);
    this.#delivery = new Delivery(this.#network);
    this.#ordinals = plan.services.map(() => 0);
    plan.loads.forEach((load, index) => {
      const address = this.#network.reserve(load.zone ?? -1);
      const transport = new Port(this.#network, load.zone ?? -1, null);
      const actor = new LoadActor({ plan, load: index, tally: this.#tally, transport, address });
      this.#network.actors[address] = actor;
      this.#loads.push(actor);
      this.#setWake(address + 1, actor.nextWakeup());
    });
    this.#conductor = new Conductor(plan, this, this);
    this.#conductor.begin();
    this.#tellConductor();
  }

  get nowMs(): number {
    return this.#network.nowMs;
  }

  /** Runs to the end of the current bucket and closes it; false when the run is over. */
  runBucket(): boolean {
    const endMs = Math.min((this.#bucket + 1) * this.#plan.bucketMs, this.#plan.endMs);
    this.#runTo(endMs);
    for (const actor of this.#network.actors) actor?.observe(endMs);
    assertLittle(this.#tally.services);
    const bucket = this.#tally.close(this.#bucket++);
    this.#sink.bucket(bucket);
    this.#conductor.closed(bucket);
    this.#tellConductor();
    return endMs < this.#plan.endMs;
  }

  /** A function of its own: V8 would compile the end of a bucket together with this loop, and both again when either changes. */
  #runTo(endMs: number): void {
    const network = this.#network;
    const { lanes, actors } = network;
    for (;;) {
      const messageMs = lanes.earliest();
      const wakeMs = this.#wakes.topTime;
      if (messageMs <= wakeMs) {
        if (messageMs >= endMs) break;
        network.nowMs = messageMs;
        this.#rewake(this.#delivery.deliver(lanes.shift()));
      } else {
        if (wakeMs >= endMs) break;
        network.nowMs = wakeMs;
        const id = this.#wakes.topId;
        if (id === CONDUCTOR) {
          this.#conductor.wake(wakeMs);
          this.#tellConductor();
        } else {
          actors[id - 1]!.wake(wakeMs);
          this.#rewake(id - 1);
        }
      }
      if (this.#news.length > 0) this.#tellConductor();
    }
    network.nowMs = endMs;
  }

  // ── FleetPort ──────────────────────────────────────────────────────────────────────────────────────────────────

  start(instance: InstanceRef, isInitial: boolean): void {
    const network = this.#network;
    const address = network.reserve(instance.zone);
    const { service } = instance;
    if (isInitial) this.#ordinalOf[instance.id] = this.#ordinals[service]!++;
    const actor = new ServiceActor({
      plan: this.#plan,
      instance,
      ordinal: this.#ordinalOf[instance.id] ?? -1,
      tally: this.#tally,
      transport: new Port(network, instance.zone, this.#instanceNews),
      address,
      startMs: network.nowMs,
    });
    for (const route of this.#routes.values()) actor.route(route);
    actor.disturb(this.#disturbances);
    network.actors[address] = actor;
    network.listen(instance, address);
    this.#news.push(() => this.#conductor.up(this.nowMs, instance.id, instance.generation));
  }

  ready(instance: InstanceRef): void {
    this.#actorOf(instance).ready(this.nowMs);
    this.#rewake(this.#network.addressOf(instance.id));
  }

  unready(instance: InstanceRef): void {
    this.#actorOf(instance).ready(this.nowMs, false);
  }

  unhealthy({ service, variant, zone }: InstanceRef): void {
    const row = this.#tally.layout.serviceRow[service]![variant]![zone]!;
    this.#tally.services[row * SERVICE_WIDTH + LIFE.unhealthy]!++;
  }

  errand(instance: InstanceRef, errand: number, serial: number): void {
    this.#actorOf(instance).errand(this.nowMs, errand, serial);
    this.#rewake(this.#network.addressOf(instance.id));
  }

  stop(instance: InstanceRef): void {
    const actor = this.#actorOf(instance);
    actor.stop(this.nowMs);
    this.#rewake(this.#network.addressOf(instance.id));
  }

  kill(instance: InstanceRef): void {
    const actor = this.#actorOf(instance);
    actor.crash(this.nowMs);
    this.#bury(instance.id);
    this.#news.push(() => this.#conductor.gone(this.nowMs, instance.id, instance.generation, "crashed"));
  }

  pause(instance: InstanceRef): void {
    const address = this.#network.addressOf(instance.id);
    this.#actorOf(instance).pause(this.nowMs);
    this.#delivery.hold(address);
    this.#rewake(address);
  }

  resume(instance: InstanceRef): void {
    const address = this.#network.addressOf(instance.id);
    this.#actorOf(instance).resume(this.nowMs);
    this.#delivery.resume(address);
    this.#rewake(address);
  }

  listen(instance: InstanceRef, isOpen: boolean): void {
    const address = this.#network.addressOf(instance.id);
    if (isOpen) this.#network.deaf.delete(address);
    else this.#network.deaf.add(address);
  }

  order(instance: InstanceRef, order: InstanceOrder): void {
    this.#actorOf(instance).order(this.nowMs, order);
    this.#rewake(this.#network.addressOf(instance.id));
  }

  capacity(instance: InstanceRef, ratio: number): void {
    this.#actorOf(instance).capacity(this.nowMs, ratio);
    this.#rewake(this.#network.addressOf(instance.id));
  }

  route(route: Route): void {
    this.#routes.set(route.service, route);
    for (const actor of this.#network.actors) actor?.route(route);
    for (const load of this.#loads) {
      load.lookAround(this.nowMs, route.service);
      this.#rewake(load.caller.address);
    }
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.#disturbances = active;
    for (const actor of this.#network.actors) actor?.disturb(active);
    // More people may set out, and sooner than those who are expected next.
    for (const load of this.#loads) this.#rewake(load.caller.address);
  }

  orderClients(order: ClientOrder): void {
    for (const load of this.#loads) {
      load.order(this.nowMs, order);
      this.#rewake(load.caller.address);
    }
  }

  countFault(timeline: number, hits: number): void {
    this.#tally.faults[this.#tally.layout.faultRow[timeline]! * FAULT_WIDTH + FAULT.hits]! += hits;
  }

  record(event: RunEvent): void {
    this.#sink.event(event);
  }

  // ── time and messages ──────────────────────────────────────────────────────────────────────────────────────────

  /** The conductor hears what its commands led to only after it has given them, as in a real fleet. */
  #tellConductor(): void {
    for (let tell = this.#news.shift(); tell !== undefined; tell = this.#news.shift()) tell();
    this.#setWake(CONDUCTOR, this.#conductor.nextWakeup());
  }

  /** An instance ended by itself: it was drained, or it died. */
  #ended(instance: number, how: "stopped" | "crashed"): void {
    const actor = this.#network.actors[this.#network.addressOf(instance)] as ServiceActor;
    const { generation } = actor.instance;
    if (how === "stopped") actor.observe(this.nowMs);
    else actor.crash(this.nowMs);
    this.#bury(instance);
    this.#news.push(() => this.#conductor.gone(this.nowMs, instance, generation, how));
  }

  #errandDone(instance: number, serial: number, isOk: boolean): void {
    const { generation } = (this.#network.actors[this.#network.addressOf(instance)] as ServiceActor).instance;
    this.#news.push(() => this.#conductor.errandDone(this.nowMs, instance, generation, serial, isOk));
  }

  #bury(instance: number): void {
    const address = this.#network.addressOf(instance);
    this.#wakes.remove(address + 1);
    this.#delivery.refuseHeld(address);
    this.#network.forget(instance);
  }

  #rewake(address: number): void {
    const actor = address === NOBODY ? null : this.#network.actors[address]!;
    if (actor !== null) this.#setWake(address + 1, actor.nextWakeup());
  }

  /** Who wakes first at the same moment depends on who they are, not on what they did before. */
  #setWake(id: number, atMs: number): void {
    this.#wakes.set(id, atMs, id);
  }

  #actorOf(instance: InstanceRef): ServiceActor {
    const actor = this.#network.actors[this.#network.addressOf(instance.id)];
    assert(
      actor instanceof ServiceActor && actor.instance.generation === instance.generation,
      "the conductor commands living instances",
    );
    return actor;
  }
}

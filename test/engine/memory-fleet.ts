// A small fleet in memory and virtual time: a real FleetPort without requests. Processes take time to come up and
// to drain; the test says what each bucket would have counted.
import { Conductor } from "../../harness/engine/conductor.ts";
import type { CarePort } from "../../harness/engine/care-port.ts";
import type { FleetPort } from "../../harness/engine/fleet-port.ts";
import type { ActiveDisturbance } from "../../harness/faults/active-disturbance.ts";
import type { ClientOrder } from "../../harness/model/client-order.ts";
import type { InstanceOrder } from "../../harness/faults/instance-order.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { InstanceRef, Route } from "../../harness/model/route.ts";
import type { RunEvent } from "../../harness/recording/event.ts";
import { JOURNEY, SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";

export interface MemoryFleetOptions {
  /** From start to process there; Infinity = never. */
  readonly upMs?: (instance: InstanceRef) => number;
  /** From stop to gone; Infinity = until killed. */
  readonly drainMs?: number;
  /** How an errand ends, and after how long; by default well and at once. null = never. */
  readonly errand?: (errand: number, atMs: number, instance: InstanceRef) => { isOk: boolean; afterMs: number } | null;
  /** Share of the requests that instances of a variant answer badly, in a bucket. */
  readonly bad?: (variant: number, second: number) => number;
  /** Number of actors that did not report in a bucket; "lost" = the bucket never comes. */
  readonly missing?: (second: number) => number | "lost";
}

export interface Process {
  readonly ref: InstanceRef;
  isReady: boolean;
  isPaused: boolean;
  capacity: number;
}

export class MemoryFleet implements FleetPort, CarePort {
  /** Ids of those that were stopped because a probe failed, in order. */
  readonly unhealthyRestarts: number[] = [];
  readonly conductor: Conductor;
  readonly events: RunEvent[] = [];
  /** By instance id: what runs. */
  readonly processes = new Map<number, Process>();
  /** Every command with its time: `1000 stop 3`. */
  readonly commands: string[] = [];
  readonly routes: { atMs: number; route: Route }[] = [];
  readonly disturbances: { atMs: number; active: readonly ActiveDisturbance[] }[] = [];
  readonly orders: { atMs: number; order: ClientOrder }[] = [];
  readonly hits = new Map<number, number>();
  nowMs = 0;
  readonly #plan: Plan;
  readonly #options: MemoryFleetOptions;
  readonly #tally: Tally;
  readonly #pending: { dueMs: number; act: () => void }[] = [];

  constructor(plan: Plan, options: MemoryFleetOptions = {}) {
    this.#plan = plan;
    this.#options = options;
    this.#tally = new Tally(layoutOf(plan));
    this.conductor = new Conductor(plan, this, this);
    this.conductor.begin();
  }

  /** Runs up to and including `untilMs`; buckets close on the way. */
  run(untilMs = this.#plan.endMs): this {
    for (;;) {
      this.#pending.sort((a, b) => a.dueMs - b.dueMs);
      const bucketEndMs = (Math.floor(this.nowMs / this.#plan.bucketMs) + 1) * this.#plan.bucketMs;
      const pendingMs = this.#pending[0]?.dueMs ?? Infinity;
      const wakeMs = this.conductor.nextWakeup();
      const next = Math.min(bucketEndMs, pendingMs, wakeMs);
      if (next > untilMs) break;
      if (bucketEndMs === next) this.#close(bucketEndMs);
      else {
        this.nowMs = next;
        if (pendingMs === next) this.#pending.shift()!.act();
        else this.conductor.wake(wakeMs);
      }
    }
    return this;
  }

  /** The instance dies by itself. */
  crash(id: number): void {
    const { ref } = this.processes.get(id)!;
    this.processes.delete(id);
    this.conductor.gone(this.nowMs, ref.id, ref.generation, "crashed");
  }

  /** Does something of the test's at a time. */
  at(dueMs: number, act: () => void): this {
    this.#pending.push({ dueMs, act });
    return this;
  }

  /** Events of one kind, as `10000 progressing …`. */
  story<Kind extends RunEvent["kind"]>(
    kind: Kind,
    tell: (event: Extract<RunEvent, { kind: Kind }>) => string,
  ): string[] {
    return this.events
      .filter((event): event is Extract<RunEvent, { kind: Kind }> => event.kind === kind)
      .map((event) => `${event.atMs} ${tell(event)}`);
  }

  phases(): string[] {
    return this.story("rollout", ({ phase }) => phase);
  }

  triggers(): string[] {
    return this.story("trigger", ({ state }) => state);
  }

  /** How many processes of each variant there are. */
  variants(): number[] {
    const counts = this.#plan.services[0]!.variants.map(() => 0);
    for (const { ref } of this.processes.values()) counts[ref.variant]!++;
    return counts;
  }

  latestRoute(): Route {
    return this.routes.at(-1)!.route;
  }

  start(ref: InstanceRef, isInitial: boolean): void {
    this.#say("start", ref);
    this.processes.set(ref.id, { ref, isReady: false, isPaused: false, capacity: 1 });
    if (isInitial) return;
    const upMs = this.#options.upMs?.(ref) ?? 0;
    // An engine may report from within a command: the conductor must stand it.
    if (upMs === 0) this.conductor.up(this.nowMs, ref.id, ref.generation);
    else if (upMs < Infinity) this.at(this.nowMs + upMs, () => this.conductor.up(this.nowMs, ref.id, ref.generation));
  }

  ready(ref: InstanceRef): void {
    this.#process(ref).isReady = true;
  }

  unready(ref: InstanceRef): void {
    this.#process(ref).isReady = false;
  }

  unhealthy({ id }: InstanceRef): void {
    this.unhealthyRestarts.push(id);
  }

  errand(ref: InstanceRef, errand: number, serial: number): void {
    this.#process(ref);
    const end =
      this.#options.errand === undefined ? { isOk: true, afterMs: 0 } : this.#options.errand(errand, this.nowMs, ref);
    if (end === null) return;
    this.at(this.nowMs + end.afterMs, () => {
      if (this.processes.get(ref.id)?.ref === ref)
        this.conductor.errandDone(this.nowMs, ref.id, ref.generation, serial, end.isOk);
    });
  }

  stop(ref: InstanceRef): void {
    this.#say("stop", ref);
    this.#process(ref);
    const drainMs = this.#options.drainMs ?? 0;
    if (drainMs === Infinity) return;
    this.at(this.nowMs + drainMs, () => {
      if (this.processes.get(ref.id)?.ref !== ref) return;
      this.processes.delete(ref.id);
      this.conductor.gone(this.nowMs, ref.id, ref.generation, "stopped");
    });
  }

  kill(ref: InstanceRef): void {
    this.#say("kill", ref);
    this.#process(ref);
    this.processes.delete(ref.id);
    this.conductor.gone(this.nowMs, ref.id, ref.generation, "crashed");
  }

  pause(ref: InstanceRef): void {
    this.#say("pause", ref);
    this.#process(ref).isPaused = true;
  }

  resume(ref: InstanceRef): void {
    this.#say("resume", ref);
    this.#process(ref).isPaused = false;
  }

  listen(ref: InstanceRef, isOpen: boolean): void {
    this.#say(isOpen ? "listen" : "refuse", ref);
    this.#process(ref);
  }

  order(ref: InstanceRef, order: InstanceOrder): void {
    this.#say(Object.values(order).join(" "), ref);
    this.#process(ref);
  }

  capacity(ref: InstanceRef, ratio: number): void {
    this.#say(`capacity ${ratio}`, ref);
    this.#process(ref).capacity = ratio;
  }

  route(route: Route): void {
    this.routes.push({ atMs: this.nowMs, route });
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.disturbances.push({ atMs: this.nowMs, active });
  }

  orderClients(order: ClientOrder): void {
    this.orders.push({ atMs: this.nowMs, order });
  }

  countFault(timeline: number, hits: number): void {
    this.hits.set(timeline, (this.hits.get(timeline) ?? 0) + hits);
  }

  record(event: RunEvent): void {
    const before = this.events.at(-1)?.atMs ?? 0;
    if (event.atMs < before) throw new Error(`an event at ${event.atMs} after one at ${before}`);
    if (event.atMs > this.nowMs) throw new Error(`an event at ${event.atMs} recorded at ${this.nowMs}`);
    this.events.push(event);
  }

  #close(endMs: number): void {
    this.nowMs = endMs;
    const index = endMs / this.#plan.bucketMs - 1;
    const missing = this.#options.missing?.(index) ?? 0;
    this.#count(index);
    const bucket = this.#tally.close(index);
    if (missing !== "lost") this.conductor.closed({ ...bucket, missing });
  }

  /** 100 requests, shared by weight, or evenly over the endpoints. */
  #count(second: number): void {
    const { endpoints, weights } = this.latestRoute();
    if (endpoints.length === 0) return;
    let good = 0;
    this.#plan.services[0]!.variants.forEach((_, variant) => {
      const own = endpoints.filter((endpoint) => endpoint.variant === variant);
      if (own.length === 0) return;
      const share = weights === null ? own.length / endpoints.length : weights[variant]! / 100;
      const bad = this.#options.bad?.(variant, second) ?? 0;
      const row = this.#tally.layout.serviceRow[0]![variant]![0]! * SERVICE_WIDTH;
      this.#tally.services[row + SERVICE.ended] = 100 * share;
      this.#tally.services[row + SERVICE.outcome] = 100 * share * (1 - bad);
      this.#tally.services[row + SERVICE.outcome + 1] = 100 * share * bad;
      good += share * (1 - bad);
    });
    this.#tally.journeys[JOURNEY.ended] = 100;
    this.#tally.journeys[JOURNEY.outcome] = 100 * good;
    this.#tally.journeys[JOURNEY.outcome + 1] = 100 * (1 - good);
  }

  #say(command: string, ref: InstanceRef): void {
    this.commands.push(`${this.nowMs} ${command} ${ref.id}${ref.generation === 0 ? "" : `.${ref.generation}`}`);
  }

  #process(ref: InstanceRef): Process {
    const process = this.processes.get(ref.id);
    if (process === undefined || process.ref.generation !== ref.generation)
      throw new Error(`the conductor commands ${ref.id}, which is not there`);
    return process;
  }
}

// One service instance with its callers, as both engines drive it: messages in (receive, answered, abandon), time in
// (wake), messages out through the Transport, numbers into the Tally.
//
//   receive ─► Doorway ─► Instance ─► BEGIN_CALL ─► Caller ─► Transport.send
//   Transport.answer ◄─ Doorway ◄─ END_VISIT ◄─ Instance ◄─ callEnded ◄─ Caller ◄─ answered
import { hashText, mixHigh } from "../core/key.ts";
import type { InstanceOrder } from "../faults/instance-order.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { CRITICAL } from "../model/criticality.ts";
import type { InstanceRef, Route } from "../model/route.ts";
import type { Plan } from "../model/plan.ts";
import type { VariantPlan } from "../model/service-plan.ts";
import { Instance } from "../service/instance.ts";
import { BEGIN_CALL, DROP_CALL } from "../service/outputs.ts";
import type { Vitals } from "../service/vitals.ts";
import { WarmUp } from "../service/warm-up.ts";
import type { Tally } from "../signals/tally.ts";
import { Caller } from "./caller.ts";
import { Doorway } from "./doorway.ts";
import { Downstream } from "./downstream.ts";
import { beginErrand, KEEPER } from "./errands.ts";
import { obey } from "./orders.ts";
import { Replies } from "./replies.ts";
import { ServiceBooks } from "./service-books.ts";
import { Standstill } from "./standstill.ts";
import { Timetable } from "./timetable.ts";
import type { Transport } from "./transport.ts";
import { vitalsOf } from "./vitals-of.ts";

export interface ServiceActorOptions {
  readonly plan: Plan;
  readonly instance: InstanceRef;
  /** The n-th instance of its service, counted from 0 as the fleet was first started; −1 for one that came later. */
  readonly ordinal: number;
  readonly tally: Tally;
  readonly transport: Transport;
  /** The engine's number for this actor in return addresses. */
  readonly address: number;
  readonly startMs: number;
}

export class ServiceActor {
  readonly instance: InstanceRef;
  readonly caller: Caller;
  readonly #machine: Instance;
  readonly #variant: VariantPlan;
  /** null where nothing kills it from within. */
  readonly #vitals: Vitals | null;
  /** null where it is warm from the beginning. */
  readonly #warmUp: WarmUp | null;
  readonly #replies: Replies;
  readonly #doorway: Doorway;
  readonly #downstream: Downstream;
  readonly #transport: Transport;
  readonly #books: ServiceBooks;
  readonly #standstill: Standstill;
  readonly #timetable: Timetable;
  #phase: "starting" | "ready" | "stopping" | "drained" = "starting";

  constructor(options: ServiceActorOptions) {
    const { plan, instance, tally } = options;
    const service = plan.services[instance.service]!;
    const variant = service.variants[instance.variant]!;
    const isInitial = options.ordinal >= 0 && instance.generation === 0;
    this.instance = instance;
    this.#transport = options.transport;
    this.#variant = variant;
    this.#vitals = vitalsOf(plan, instance, options.startMs);
    const name = `${service.name}#${instance.id}`;
    const key = mixHigh(plan.seed, hashText(name), hashText("instance"));
    this.#machine = new Instance(instance.service, variant, options.startMs, this.#vitals, isInitial, key);
    this.#standstill = new Standstill(this.#machine);
    const isWarm = variant.warmUp === undefined || isInitial || instance.replaces !== undefined;
    this.#warmUp = isWarm ? null : new WarmUp(variant.warmUp, this.#machine.cpu, options.startMs);
    this.#replies = new Replies(this.#machine, options.transport);
    this.#doorway = new Doorway({
      instance,
      ordinal: options.ordinal,
      machine: this.#machine,
      tally,
      replies: this.#replies,
      maxConnections: variant.maxConnections ?? Infinity,
    });
    this.#books = new ServiceBooks(tally, instance, this.#machine, variant.calls, options.startMs);
    this.caller = new Caller({
      plan,
      calls: variant.calls,
      tally,
      transport: options.transport,
      address: options.address,
      name,
      service: instance.service,
      zone: instance.zone,
      startMs: options.startMs,
    });
    this.#timetable = new Timetable({
      machine: this.#machine,
      doorway: this.#doorway,
      caller: this.caller,
      standstill: this.#standstill,
      warmUp: this.#warmUp,
      pump: (nowMs) => this.#pump(nowMs),
      die: () => this.#die(),
    });
    this.#downstream = new Downstream(this.#machine, this.caller, variant.onDeadline !== "ignore");
  }

  /** A request arrives. Returns its visit, by which it can be abandoned; the answer goes to the return address, perhaps at once. */
  receive(
    nowMs: number,
    returnActor: number,
    returnAttempt: number,
    returnSerial: number,
    operation: number,
    keyHigh: number,
    keyLow: number,
    user: number,
    depth: number,
    deadlineMs: number,
    item = 0,
    criticality = CRITICAL,
    headers = 0,
  ): number {
    const { visits } = this.#machine;
    const visit = this.#machine.arrive(nowMs, operation, keyHigh, keyLow, user, depth, deadlineMs);
    visits.returnActor[visit] = returnActor;
    visits.returnAttempt[visit] = returnAttempt;
    visits.returnSerial[visit] = returnSerial;
    visits.item[visit] = item;
    visits.criticality[visit] = criticality;
    visits.headers[visit] = headers;
    if (this.#standstill.isCollecting) this.#standstill.waitAtDoor(nowMs, (laterMs) => this.#enter(laterMs, visit));
    else this.#enter(nowMs, visit);
    return visit;
  }

  /** The caller with this return address gave up on the visit; ignored if the visit is already over. */
  abandon(nowMs: number, visit: number, returnActor: number, returnAttempt: number, returnSerial: number): void {
    if (this.#standstill.isCollecting)
      return this.#standstill.wait(
        (laterMs) => this.abandon(laterMs, visit, returnActor, returnAttempt, returnSerial),
        nowMs,
      );
    if (!this.#machine.visits.isFrom(visit, returnActor, returnAttempt, returnSerial)) return;
    this.#doorway.abandon(nowMs, visit);
    this.#pump(nowMs);
  }

  /** The answer to one of this instance's own attempts. */
  answered(
    nowMs: number,
    attempt: number,
    serial: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
    slowOwnUs: number,
  ): void {
    if (this.#standstill.isCollecting) {
      const answer = [attempt, serial, cause, isDegraded, originService, originCause, slowService, slowOwnUs] as const;
      return this.#standstill.wait((laterMs) => this.answered(laterMs, ...answer), nowMs);
    }
    this.caller.answered(nowMs, attempt, serial, cause, isDegraded, originService, originCause, slowService, slowOwnUs);
    this.#pump(nowMs);
  }

  /** Infinity = never; while paused, never. */
  nextWakeup(): number {
    return this.#timetable.nextWakeup();
  }

  /** Handles one thing that was due by `dueMs`. */
  wake(dueMs: number): void {
    this.#timetable.wake(dueMs);
  }

  route(route: Route): void {
    this.caller.route(route);
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.caller.disturb(active);
    this.#doorway.disturb(active);
  }

  /** From now on it counts as ready, or runs on and does not. */
  ready(nowMs: number, isReady = true): void {
    this.observe(nowMs);
    this.#phase = isReady ? "ready" : "starting";
    if (isReady) this.#warmUp?.serve(nowMs);
  }

  /** It is to run an errand; the transport hears how that ended. One that stands still does so when it goes on. */
  errand(nowMs: number, errand: number, serial: number): void {
    if (this.#standstill.isStill) return this.#standstill.wait((laterMs) => this.errand(laterMs, errand, serial));
    beginErrand(this.#machine, this.#variant, nowMs, errand, serial);
    this.#pump(nowMs);
  }

  /** A fault tells one of its machines something. */
  order(nowMs: number, order: InstanceOrder): void {
    this.observe(nowMs);
    obey(this.#machine, this.#doorway, nowMs, order);
    this.#pump(nowMs);
  }

  /** Share of its CPU that is left, 1 = all. */
  capacity(nowMs: number, ratio: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setCapacity(nowMs, ratio);
  }

  /** Stop the world: nothing happens until `resume`. */
  pause(nowMs: number): void {
    this.#standstill.stop(nowMs);
  }

  /** Goes on: what fell due during the standstill happens now, in its order; what arrived meanwhile is told after that. */
  resume(nowMs: number): void {
    this.#standstill.goOn(nowMs);
    if (this.#standstill.isStill) return;
    this.#timetable.goOn(nowMs);
    this.#reportDrained();
  }

  /** Graceful: refuses what is new; the transport hears `drained`, once, when nothing is left. One that stands still cannot say so. */
  stop(nowMs: number): void {
    this.observe(nowMs);
    this.#phase = "stopping";
    this.#machine.stop();
    this.#pump(nowMs);
  }

  /** The visit with this return address, or −1. */
  find(returnActor: number, returnAttempt: number, returnSerial: number): number {
    return this.#machine.visits.find(returnActor, returnAttempt, returnSerial);
  }

  /** The instance dies: what it held is lost, its callers' and its own connections are reset. */
  crash(nowMs: number): void {
    this.observe(nowMs);
    const lost = this.#replies.resetAll(this.instance.service);
    this.caller.crash(nowMs);
    this.#books.crashed(lost);
  }

  /** Brings the integrals up to now and writes the instance's own counters into the tally. */
  observe(nowMs: number): void {
    this.caller.observe(nowMs);
    this.#books.observe(nowMs, this.#phase === "ready");
    const collector = this.#vitals?.collector ?? null;
    if (collector !== null) this.#books.collected(collector.take(nowMs));
    if (this.#warmUp !== null) this.#books.warming(this.#warmUp.takeWarmingMs(nowMs));
  }

  #enter(nowMs: number, visit: number): void {
    this.#doorway.enter(nowMs, visit, this.#standstill.atDoor);
    this.#pump(nowMs);
  }

  /** Carries outputs between the machines until none is left. */
  #pump(nowMs: number): void {
    const machine = this.#machine;
    do {
      for (let output = machine.take(); output >= 0; output = machine.take()) {
        const reference = output >> 2;
        const kind = output & 3;
        if (kind === BEGIN_CALL) this.#downstream.begin(nowMs, reference);
        else if (kind === DROP_CALL) this.caller.drop(nowMs, reference);
        else this.#end(nowMs, reference);
      }
    } while (this.#downstream.settle(nowMs));
    if (this.#vitals !== null) this.#vitals.follow(nowMs, machine.meters.inSystem - this.#standstill.atDoor);
    this.#reportDrained();
  }

  #die(): void {
    if (this.#vitals!.isOutOfMemory) this.#books.ranOutOfMemory();
    this.#vitals!.told();
    this.#transport.crashed(this.instance.id);
  }

  #reportDrained(): void {
    if (this.#phase !== "stopping" || this.#standstill.isStill || !this.#machine.isDrained || !this.#doorway.isEmpty)
      return;
    this.#phase = "drained";
    this.#transport.drained(this.instance.id);
  }

  #end(nowMs: number, visit: number): void {
    const { visits } = this.#machine;
    if (visits.returnActor[visit] === KEEPER) return this.#replies.tellKeeper(visit, this.instance.id);
    this.#books.ended(visits.cause[visit]!, nowMs - visits.startMs[visit]!, visits.isDegraded[visit] === 1);
    if (!this.#doorway.keeps(nowMs, visit)) this.#replies.answer(visit);
  }
}

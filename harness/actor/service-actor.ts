// One service instance with its callers, as both engines drive it: messages in (receive, answered, abandon), time in
// (wake), messages out through the Transport, numbers into the Tally.
//
//   receive ─► faults in path ─► Instance ─► BEGIN_CALL ─► Caller ─► Transport.send
//   Transport.answer ◄─ END_VISIT ◄─ Instance ◄─ callEnded ◄─ Caller ◄─ answered
import { mixHigh, mixLow } from "../core/key.ts";
import { WakeHeap } from "../core/wake-heap.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { InstanceRef, Route } from "../model/route.ts";
import { InPath } from "../faults/in-path.ts";
import { CONNECTION_RESET, ERROR } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import { BEGIN_CALL, DROP_CALL, Instance } from "../service/instance.ts";
import { FREE } from "../service/visits.ts";
import type { Tally } from "../signals/tally.ts";
import { Caller, NO_CALL } from "./caller.ts";
import { ServiceBooks } from "./service-books.ts";
import type { Transport } from "./transport.ts";

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
  readonly #skipsExpired: boolean;
  readonly #ordinal: number;
  readonly #tally: Tally;
  readonly #transport: Transport;
  readonly #books: ServiceBooks;
  readonly #faults = new InPath();
  /** Visits held back by a fault, by visit. */
  readonly #held = new WakeHeap();
  readonly #countFault: (faultRow: number) => void;
  #isReady = false;
  #isPaused = false;
  #isStopping = false;
  /** After a standstill nothing happens earlier than its end. */
  #awakeMs: number;

  constructor(options: ServiceActorOptions) {
    const { plan, instance, tally } = options;
    const service = plan.services[instance.service]!;
    const variant = service.variants[instance.variant]!;
    this.instance = instance;
    this.#ordinal = options.ordinal;
    this.#tally = tally;
    this.#transport = options.transport;
    this.#machine = new Instance(instance.service, variant, options.startMs);
    this.#books = new ServiceBooks(tally, instance, this.#machine, variant.calls, options.startMs);
    this.#skipsExpired = variant.onDeadline !== "ignore";
    this.caller = new Caller({
      plan,
      calls: variant.calls,
      tally,
      transport: options.transport,
      address: options.address,
      name: `${service.name}#${instance.id}`,
      service: instance.service,
      zone: instance.zone,
      startMs: options.startMs,
    });
    this.#countFault = (faultRow) => tally.faults[faultRow]!++;
    this.#awakeMs = options.startMs;
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
  ): number {
    const machine = this.#machine;
    const visit = machine.arrive(nowMs, operation, keyHigh, keyLow, user, depth, deadlineMs);
    const { visits } = machine;
    visits.returnActor[visit] = returnActor;
    visits.returnAttempt[visit] = returnAttempt;
    visits.returnSerial[visit] = returnSerial;
    this.#books.arrived();
    if (!this.#faults.isClear && this.#faults.hit(keyHigh, keyLow, operation, -1, this.#countFault)) {
      const { status, delayMs } = this.#faults;
      if (status !== 0) {
        const service = this.instance.service;
        this.#transport.answer(
          returnActor,
          returnAttempt,
          returnSerial,
          ERROR,
          status,
          false,
          service,
          ERROR,
          service,
          0,
        );
        this.#books.ended(ERROR, 0, false);
        machine.release(visit);
      } else this.#held.set(visit, nowMs + delayMs);
      return visit;
    }
    machine.admit(nowMs, visit);
    this.#pump(nowMs);
    return visit;
  }

  /** The caller with this return address gave up on the visit; ignored if the visit is already over. */
  abandon(nowMs: number, visit: number, returnActor: number, returnAttempt: number, returnSerial: number): void {
    const { visits } = this.#machine;
    if (visits.state[visit] === FREE || visits.returnSerial[visit] !== returnSerial) return;
    if (visits.returnAttempt[visit] !== returnAttempt || visits.returnActor[visit] !== returnActor) return;
    this.#machine.abandon(nowMs, visit);
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
    this.caller.answered(nowMs, attempt, serial, cause, isDegraded, originService, originCause, slowService, slowOwnUs);
    this.#pump(nowMs);
  }

  /** Infinity = never; while paused, never. */
  nextWakeup(): number {
    if (this.#isPaused) return Infinity;
    return Math.min(this.#held.topTime, this.#machine.nextWakeup(), this.caller.nextWakeup());
  }

  /** Handles one thing that was due at `dueMs`. */
  wake(dueMs: number): void {
    const nowMs = Math.max(dueMs, this.#awakeMs);
    if (this.#held.topTime <= dueMs) {
      const visit = this.#held.topId;
      this.#held.remove(visit);
      this.#machine.admit(nowMs, visit);
    } else if (this.#machine.nextWakeup() <= dueMs) this.#machine.wake(dueMs, nowMs);
    else this.caller.wake(dueMs, nowMs);
    this.#pump(nowMs);
  }

  route(route: Route): void {
    this.caller.route(route);
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    const { service, variant, zone } = this.instance;
    this.caller.disturb(active);
    this.#faults.set(
      active.flatMap(({ timeline, disturbance, scope }) => {
        const { on } = scope;
        if (on.type === "edge" || on.service !== service) return [];
        if (on.type === "instance" && on.ordinal !== this.#ordinal) return [];
        if (scope.variant !== null && scope.variant !== variant) return [];
        if (scope.zone !== null && scope.zone !== zone) return [];
        const operation = on.type === "service" && on.operation !== null ? on.operation : -1;
        const faultRow = this.#tally.layout.faultRow[timeline]!;
        return [{ timeline, faultRow, disturbance, share: scope.share, operation, variant: -1 }];
      }),
    );
  }

  ready(nowMs: number): void {
    this.observe(nowMs);
    this.#isReady = true;
  }

  capacity(nowMs: number, ratio: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setCapacity(nowMs, ratio);
  }

  pause(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setStopped(nowMs, true);
    this.#isPaused = true;
  }

  resume(nowMs: number): void {
    this.#machine.advance(nowMs);
    this.#machine.cpu.setStopped(nowMs, false);
    this.#isPaused = false;
    this.#awakeMs = nowMs;
  }

  /** Graceful: refuses what is new; the transport hears `drained` when nothing is left. */
  stop(nowMs: number): void {
    this.observe(nowMs);
    this.#isReady = false;
    this.#isStopping = true;
    this.#machine.stop();
    this.#pump(nowMs);
  }

  /** The visit with this return address, or −1. */
  find(returnActor: number, returnAttempt: number, returnSerial: number): number {
    const { visits } = this.#machine;
    for (let visit = 0; visit < visits.used; visit++) {
      if (visits.state[visit] === FREE || visits.returnSerial[visit] !== returnSerial) continue;
      if (visits.returnAttempt[visit] === returnAttempt && visits.returnActor[visit] === returnActor) return visit;
    }
    return -1;
  }

  /** The instance dies: what it held is lost, its callers' and its own connections are reset. */
  crash(nowMs: number): void {
    const { visits, meters } = this.#machine;
    const lost = meters.inSystem;
    const self = this.instance.service;
    this.observe(nowMs);
    this.#isReady = false;
    for (let visit = 0; visit < visits.used; visit++) {
      if (visits.state[visit] === FREE) continue;
      const [actor, attempt, serial] = [
        visits.returnActor[visit]!,
        visits.returnAttempt[visit]!,
        visits.returnSerial[visit]!,
      ];
      this.#transport.answer(actor, attempt, serial, CONNECTION_RESET, 0, false, self, CONNECTION_RESET, self, 0);
    }
    this.caller.crash();
    this.#books.crashed(lost);
  }

  /** Brings the integrals up to now and writes the instance's own counters into the tally. */
  observe(nowMs: number): void {
    this.caller.observe(nowMs);
    this.#books.observe(nowMs, this.#isReady);
  }

  /** Carries outputs between the machines until none is left. */
  #pump(nowMs: number): void {
    const machine = this.#machine;
    const { visits, strands, program } = machine;
    const { caller } = this;
    for (;;) {
      const output = machine.take();
      if (output >= 0) {
        const reference = output >> 2;
        const kind = output & 3;
        if (kind === BEGIN_CALL) {
          const visit = strands.visit[reference]!;
          const node = strands.node[reference]!;
          const high = visits.keyHigh[visit]!;
          const low = visits.keyLow[visit]!;
          const site = program.site[node]!;
          const deadlineMs = visits.deadlineMs[visit]!;
          strands.call[reference] = caller.begin(
            nowMs,
            program.call[node]!,
            reference,
            program.operation[node]!,
            mixHigh(high, low, site),
            mixLow(high, low, site),
            visits.user[visit]!,
            visits.depth[visit]! + 1,
            deadlineMs,
            this.#skipsExpired ? deadlineMs : Infinity,
          );
        } else if (kind === DROP_CALL) caller.drop(nowMs, reference);
        else this.#end(nowMs, reference);
        continue;
      }
      const slot = caller.take(nowMs);
      if (slot === NO_CALL) break;
      const { table } = caller;
      const strand = table.owner[slot]!;
      const cause = table.cause[slot]!;
      const isDegraded = table.isDegraded[slot] === 1;
      const originService = table.originService[slot]!;
      const originCause = table.originCause[slot]!;
      const slowService = table.slowService[slot]!;
      const slowOwnUs = table.slowOwnUs[slot]!;
      table.free(slot);
      machine.callEnded(nowMs, strand, cause, isDegraded, originService, originCause, slowService, slowOwnUs);
    }
    if (this.#isStopping && machine.isDrained) this.#transport.drained(this.instance.id);
  }

  #end(nowMs: number, visit: number): void {
    const { visits } = this.#machine;
    const cause = visits.cause[visit]!;
    this.#books.ended(cause, nowMs - visits.startMs[visit]!, visits.isDegraded[visit] === 1);
    this.#transport.answer(
      visits.returnActor[visit]!,
      visits.returnAttempt[visit]!,
      visits.returnSerial[visit]!,
      cause,
      visits.status[visit]!,
      visits.isDegraded[visit] === 1,
      visits.originService[visit]!,
      visits.originCause[visit]!,
      visits.slowService[visit]!,
      visits.slowOwnUs[visit]!,
    );
    this.#machine.release(visit);
  }
}

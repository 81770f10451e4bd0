// A fleet of real actors in one place: messages take a constant time, and a test asks, waits and reads what came of it.
import type { Caller } from "../../harness/actor/caller.ts";
import { ServiceActor } from "../../harness/actor/service-actor.ts";
import type { Transport } from "../../harness/actor/transport.ts";
import type { ActiveDisturbance } from "../../harness/faults/active-disturbance.ts";
import { CAUSES } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { FREE } from "../../harness/policies/call-table.ts";
import { EDGE, EDGE_WIDTH, FAULT_WIDTH, SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";

/** The test's own return address. */
const ASKER = -100;

export interface Answer {
  readonly key: number;
  readonly atMs: number;
  readonly cause: string;
  readonly status: number;
  readonly isDegraded: boolean;
  readonly origin: readonly [service: number, cause: string];
  readonly slow: readonly [service: number, ownUs: number];
}

export interface Ask {
  readonly service?: number;
  readonly key?: number;
  readonly operation?: number;
  readonly deadlineMs?: number;
}

interface Message {
  readonly atMs: number;
  readonly to: number;
  readonly run: () => void;
}

export class SmallFleet {
  readonly tally: Tally;
  nowMs = 0;
  readonly answers: Answer[] = [];
  /** Services whose first instance has reported that it is drained. */
  readonly drained: number[] = [];
  /** Errands that have ended. */
  readonly errands: (readonly [instance: number, serial: number, isOk: boolean, atMs: number])[] = [];
  /** Instances that died by themselves, and when. */
  readonly crashed: (readonly [instance: number, atMs: number])[] = [];
  /** `[from service, to service, when]` of every attempt that left and of every one that was given up. */
  readonly sent: (readonly [from: number, to: number, atMs: number])[] = [];
  readonly abandoned: (readonly [from: number, to: number, atMs: number])[] = [];
  readonly #delayMs: number;
  /** One instance per service, by service index; null once it is dead. */
  readonly #actors: (ServiceActor | null)[] = [];
  readonly #messages: Message[] = [];
  /** What waits for an instance that stands still. */
  readonly #mailboxes = new Map<number, (() => void)[]>();
  readonly #asked: { readonly key: number; readonly service: number; visit: number }[] = [];

  constructor(plan: Plan, delayMs = 0, variantOf: readonly number[] = []) {
    this.#delayMs = delayMs;
    this.tally = new Tally(layoutOf(plan));
    plan.services.forEach((_, service) => {
      const instance = { id: service, generation: 0, service, variant: variantOf[service] ?? 0, zone: 0 };
      const transport = this.#transport(service);
      const options = { plan, instance, ordinal: 0, tally: this.tally, transport, address: service, startMs: 0 };
      this.#actors.push(new ServiceActor(options));
    });
    for (const { instance } of this.#living())
      for (const actor of this.#living())
        actor.route({ service: instance.service, endpoints: [instance], weights: null });
  }

  actor(service: number): ServiceActor {
    return this.#actors[service]!;
  }

  /** Sends a request, which arrives now; returns its number, by which it can be given up. */
  ask({ service = 0, key = 0, operation = 0, deadlineMs = Infinity }: Ask = {}): number {
    const asked = this.#asked.push({ key, service, visit: -1 }) - 1;
    const visit = this.actor(service).receive(this.nowMs, ASKER, asked, 0, operation, key, 0, key, 0, deadlineMs);
    this.#asked[asked]!.visit = visit;
    return asked;
  }

  /** Requests sent so far. */
  get asks(): number {
    return this.#asked.length;
  }

  giveUp(asked: number): void {
    const { service, visit } = this.#asked[asked]!;
    this.#actors[service]?.abandon(this.nowMs, visit, ASKER, asked, 0);
  }

  /** Lets time pass to `toMs`, with everything that is due until then. */
  pass(toMs: number): void {
    for (;;) {
      // All take as long, so they arrive in the order in which they were sent.
      const message = this.#messages[0];
      const messageMs = message?.atMs ?? Infinity;
      const actor = this.#living().reduce<ServiceActor | null>(
        (first, each) => (each.nextWakeup() < (first?.nextWakeup() ?? Infinity) ? each : first),
        null,
      );
      const wakeMs = actor?.nextWakeup() ?? Infinity;
      if (Math.min(messageMs, wakeMs) > toMs) break;
      if (Math.min(messageMs, wakeMs) < this.nowMs) throw new Error("time does not run backwards");
      if (messageMs <= wakeMs) {
        this.nowMs = messageMs;
        this.#messages.shift();
        const mailbox = this.#mailboxes.get(message!.to);
        if (mailbox === undefined) message!.run();
        else mailbox.push(message!.run);
      } else {
        this.nowMs = wakeMs;
        actor!.wake(wakeMs);
      }
    }
    this.nowMs = toMs;
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    for (const actor of this.#living()) actor.disturb(active);
  }

  pause(service: number): void {
    this.actor(service).pause(this.nowMs);
    this.#mailboxes.set(service, []);
  }

  resume(service: number): void {
    const mailbox = this.#mailboxes.get(service)!;
    this.#mailboxes.delete(service);
    this.actor(service).resume(this.nowMs);
    for (const tell of mailbox) tell();
  }

  crash(service: number): void {
    this.actor(service).crash(this.nowMs);
    this.#actors[service] = null;
  }

  /** A column of a service's row, after bringing everybody's books up to now. */
  service(service: number, column: keyof typeof SERVICE, cause = 0): number {
    this.#observe();
    const { variant } = this.#actors[service]?.instance ?? { variant: 0 };
    const row = this.tally.layout.serviceRow[service]![variant]![0]!;
    return this.tally.services[row * SERVICE_WIDTH + SERVICE[column] + cause]!;
  }

  edge(edge: number, column: keyof typeof EDGE, cause = 0): number {
    this.#observe();
    return this.tally.edges[edge * EDGE_WIDTH + EDGE[column] + cause]!;
  }

  /** The sum over all causes from the first column of a block of them. */
  edgeSum(edge: number, column: keyof typeof EDGE): number {
    return CAUSES.reduce((sum, _, cause) => sum + this.edge(edge, column, cause), 0);
  }

  hits(fault: number): number {
    return this.tally.faults[fault * FAULT_WIDTH]!;
  }

  /** Calls that any caller still has open. */
  get openCalls(): number {
    return this.#living().reduce(
      (sum, { caller: { table } }) => sum + table.state.filter((state) => state !== FREE).length,
      0,
    );
  }

  #observe(): void {
    for (const actor of this.#living()) actor.observe(this.nowMs);
  }

  #living(): ServiceActor[] {
    return this.#actors.filter((actor) => actor !== null);
  }

  #later(to: number, run: () => void): void {
    this.#messages.push({ atMs: this.nowMs + this.#delayMs, to, run });
  }

  #transport(service: number): Transport {
    return {
      send: (caller, attempt) => this.#send(service, caller, attempt),
      abandon: (caller, attempt) => {
        const { table, address } = caller;
        const target = table.abandonedTarget[attempt]!;
        const serial = table.abandonedSerial[attempt]!;
        this.abandoned.push([service, target, this.nowMs]);
        this.#later(target, () => {
          const actor = this.#actors[target];
          const visit = actor?.find(address, attempt, serial) ?? -1;
          if (visit >= 0) actor!.abandon(this.nowMs, visit, address, attempt, serial);
        });
      },
      answer: (
        actor,
        attempt,
        serial,
        cause,
        status,
        isDegraded,
        originService,
        originCause,
        slowService,
        slowOwnUs,
      ) => {
        if (actor === ASKER)
          this.answers.push({
            key: this.#asked[attempt]!.key,
            atMs: this.nowMs,
            cause: CAUSES[cause]!,
            status,
            isDegraded,
            origin: [originService, CAUSES[originCause]!],
            slow: [slowService, slowOwnUs],
          });
        else
          this.#later(actor, () => {
            const outcome = [cause, isDegraded, originService, originCause, slowService, slowOwnUs] as const;
            this.#actors[actor]?.answered(this.nowMs, attempt, serial, ...outcome);
          });
      },
      drained: (instance) => void this.drained.push(instance),
      errandDone: (instance, serial, isOk) => void this.errands.push([instance, serial, isOk, this.nowMs]),
      crashed: (instance) => {
        this.crashed.push([instance, this.nowMs]);
        this.crash(instance);
      },
    };
  }

  #send(from: number, caller: Caller, attempt: number): void {
    const { table, address } = caller;
    const target = table.target[attempt]!;
    const serial = table.serial[attempt]!;
    this.sent.push([from, target, this.nowMs]);
    const request = [
      table.operation[attempt]!,
      table.keyHigh[attempt]!,
      table.keyLow[attempt]!,
      table.user[attempt]!,
      table.depth[attempt]!,
      table.deadlineMs[attempt]!,
    ] as const;
    this.#later(target, () => void this.#actors[target]?.receive(this.nowMs, address, attempt, serial, ...request));
  }
}

// One instance of the fleet: an HTTP port in front of the same service machine that the simulator runs.
//
//   POST /<operation> ─► agenda ─► ServiceActor ─► OutgoingCalls ─► other mock services
//   response ◄──────────── answer ◄──┘
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceActor } from "../harness/actor/service-actor.ts";
import { serviceActor } from "../harness/actor/taped-actor.ts";
import type { Transport } from "../harness/actor/transport.ts";
import type { InstanceRef } from "../harness/model/route.ts";
import { ERROR, REFUSED } from "../harness/model/outcome.ts";
import type { Plan } from "../harness/model/plan.ts";
import type { Entry } from "../harness/wire/agenda.ts";
import { failureHead, readRequestHead } from "../harness/wire/headers.ts";
import type { RequestHead } from "../harness/wire/headers.ts";
import type { RunFrame } from "../harness/wire/host-frame.ts";
import { OutgoingCalls } from "../harness/wire/outgoing-calls.ts";
import { Answers } from "./answers.ts";
import { HttpServer } from "./http-server.ts";

/** The running half: there from `begin` until the instance is gone. */
interface Running {
  readonly frame: RunFrame;
  readonly actor: ServiceActor;
  readonly calls: OutgoingCalls;
  readonly entry: Entry;
}

/** What it says of itself. */
export interface MockServiceNews {
  readonly drained: () => void;
  readonly crashed: () => void;
  readonly errandDone: (serial: number, isOk: boolean) => void;
}

export class MockService {
  readonly instance: InstanceRef;
  readonly #ordinal: number;
  readonly #news: MockServiceNews;
  readonly #answers = new Answers(() => this.#server?.isOpen !== false);
  #carried: Plan["headers"];
  #opening: Promise<HttpServer> | null = null;
  #server: HttpServer | null = null;
  #isCutOff = false;
  #running: Running | null = null;
  #isDying = false;
  #isDrained = false;
  readonly #early: ((actor: ServiceActor, nowMs: number) => void)[] = [];
  /** What arrived while the instance stood still, in order; null while it does not. */
  #backlog: ((nowMs: number) => void)[] | null = null;

  constructor(instance: InstanceRef, ordinal: number, news: MockServiceNews) {
    this.instance = instance;
    this.#ordinal = ordinal;
    this.#news = news;
  }

  /** Opens the port, and returns it; null where the instance was cut off meanwhile. Until `begin` everything is refused. */
  async listen(plan: Plan): Promise<number | null> {
    const { operations, name } = plan.services[this.instance.service]!;
    this.#carried = plan.headers;
    this.#opening = HttpServer.listen({
      operations,
      onRequest: (operation, request, reply) => this.#receive(operation, request, reply),
      health: () => ({ ...this.instance, service: name, isRunning: this.#running !== null && !this.#isDrained }),
    });
    this.#server = await this.#opening;
    if (!this.#isCutOff) return this.#server.port;
    this.#server.kill();
    return null;
  }

  begin(frame: RunFrame): void {
    const { plan, tally, agenda } = frame;
    let entry: Entry = -1;
    const calls = new OutgoingCalls({
      ...frame,
      zone: this.instance.zone,
      payloadOf: null,
      // Told by the agenda already: the time is the one at which the answer was due.
      answered: (nowMs, ...answer) => {
        if (this.#backlog !== null) this.#backlog.push((laterMs) => this.#running?.actor.answered(laterMs, ...answer));
        else this.#running?.actor.answered(nowMs, ...answer);
      },
      entry: () => entry,
      mayLeave: null,
    });
    const actor = serviceActor(
      {
        plan,
        instance: this.instance,
        ordinal: this.#ordinal,
        tally,
        transport: this.#transport(calls),
        address: this.instance.id,
        startMs: agenda.toldMs,
      },
      frame.tape,
    );
    entry = agenda.add(actor);
    this.#running = { frame, actor, calls, entry };
    for (const act of this.#early.splice(0)) this.command(act);
  }

  /** Null before the run and after the instance's end. */
  get actor(): ServiceActor | null {
    return this.#running?.actor ?? null;
  }

  /** Does it now, when the run begins, or when the instance moves again. */
  command(act: (actor: ServiceActor, nowMs: number) => void): void {
    if (this.#running === null && !this.#isDying) return void this.#early.push(act);
    this.#tell((nowMs) => {
      if (this.#running !== null) act(this.#running.actor, nowMs);
    });
  }

  get isPaused(): boolean {
    return this.#backlog !== null;
  }

  pause(nowMs: number): void {
    if (this.#backlog !== null || this.#running === null) return;
    this.#running.actor.pause(nowMs);
    this.#running.frame.agenda.refresh(this.#running.entry);
    this.#backlog = [];
  }

  /** First what fell due during the standstill, then what arrived. */
  resume(nowMs: number): void {
    if (this.#backlog === null || this.#running === null) return;
    const { frame, actor, entry } = this.#running;
    const backlog = this.#backlog;
    this.#backlog = null;
    actor.resume(nowMs);
    frame.agenda.refresh(entry);
    for (const handle of backlog) frame.agenda.message(handle, entry);
  }

  /** The instance's own books of its death; its peers learn of it by the end of their sockets only. */
  crash(nowMs: number): void {
    if (this.#running === null) return;
    this.#isDying = true;
    this.#running.actor.crash(nowMs);
    this.#leave();
  }

  /** Whether anybody listens at the port. What is held is finished. */
  openPort(isOpen: boolean): void {
    if (isOpen) this.#server?.open();
    else this.#server?.refuse();
  }

  /** Resets every connection and gives the port back. */
  cutOff(): void {
    this.#isCutOff = true;
    this.#running?.calls.destroy();
    this.#server?.kill();
    this.#leave();
  }

  async close(): Promise<void> {
    this.cutOff();
    // One that is only just being opened too.
    const server = await this.#opening?.catch(() => null);
    await server?.close();
  }

  #leave(): void {
    if (this.#running === null) return;
    const { frame, calls, entry } = this.#running;
    this.#running = null;
    frame.agenda.remove(entry);
    calls.destroy();
  }

  #tell(handle: (nowMs: number) => void): void {
    if (this.#backlog !== null) this.#backlog.push(handle);
    else if (this.#running !== null) this.#running.frame.agenda.message(handle, this.#running.entry);
  }

  #receive(operation: number, request: FastifyRequest, reply: FastifyReply): void {
    const head = readRequestHead(request.headers, this.#carried);
    const payload = request.body instanceof Buffer ? request.body : null;
    const slot = this.#answers.visits.open(reply.raw, payload);
    const serial = this.#answers.visits.serialOf(slot);
    const { id, generation, service } = this.instance;
    if (head === null) return this.#answers.respond(slot, serial, 400, failureHead(ERROR, service));
    const isMeant = head.target === id && head.generation === generation;
    // What comes over a connection that was busy when the port was closed finds nobody either.
    const isHeard = this.#server?.isOpen !== false;
    if (!isMeant || !isHeard || (this.#running === null && !this.#isDying))
      return this.#answers.respond(slot, serial, 503, failureHead(REFUSED, service));
    let visit = -1;
    reply.raw.on("close", () => {
      if (!this.#answers.visits.isOpen(slot, serial)) return;
      this.#answers.giveUp(slot, serial);
      this.#tell((nowMs) => {
        if (visit >= 0) this.#running?.actor.abandon(nowMs, visit, id, slot, serial);
      });
    });
    const admit = (nowMs: number): void => {
      visit = this.#admit(nowMs, head, operation, slot, serial);
    };
    if (this.#backlog !== null || this.#running === null || Number.isNaN(head.arrivesMs)) this.#tell(admit);
    else this.#running.frame.agenda.arrival(head.arrivesMs, admit, this.#running.entry);
  }

  #admit(nowMs: number, head: RequestHead, operation: number, slot: number, serial: number): number {
    const { keyHigh, keyLow, user, item, criticality, headers, depth, remainingMs } = head;
    if (this.#running === null) return -1;
    const { actor } = this.#running;
    return actor.receive(
      nowMs,
      this.instance.id,
      slot,
      serial,
      operation,
      keyHigh,
      keyLow,
      user,
      depth,
      nowMs + remainingMs,
      item,
      criticality,
      headers,
    );
  }

  #transport(calls: OutgoingCalls): Transport {
    return {
      send: (caller, attempt) => calls.send(caller.table, attempt),
      abandon: (caller, attempt) => calls.abandon(caller.table, attempt),
      answer: (_actor, slot, serial, cause, status, isDegraded, originService, originCause, slowService, slowOwnUs) => {
        if (this.#isDying) return;
        const head = { cause, isDegraded, originService, originCause, slowService, slowOwnUs };
        this.#answers.respond(slot, serial, status, head);
      },
      drip: (
        _actor,
        slot,
        serial,
        cause,
        status,
        isDegraded,
        originService,
        originCause,
        slowService,
        slowOwnUs,
        forMs,
      ) => {
        const head = { cause, isDegraded, originService, originCause, slowService, slowOwnUs };
        if (!this.#isDying) this.#answers.drip(slot, serial, status, head, forMs);
      },
      drained: () => {
        if (this.#isDrained) return;
        this.#isDrained = true;
        queueMicrotask(this.#news.drained);
      },
      crashed: () => queueMicrotask(this.#news.crashed),
      errandDone: (_instance, serial, isOk) => this.#news.errandDone(serial, isOk),
    };
  }
}

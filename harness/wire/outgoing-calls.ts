// The calls that one actor has on the wire: an undici Pool per instance that it calls, injected network delay in
// both directions, and what came of each attempt. Everything that decides (timeouts, retries, connections) is the
// actor's; undici only carries.
import { Pool } from "undici";
import { REFUSED } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import type { CallTable } from "../policies/call-table.ts";
import { originOf } from "./address-book.ts";
import type { AddressBook, InstanceAddress } from "./address-book.ts";
import type { Agenda, Entry } from "./agenda.ts";
import { Flight } from "./flight.ts";
import type { Landed } from "./flight.ts";
import { failureHead, writeRequestHead } from "./headers.ts";
import type { AnswerHead, RequestHead } from "./headers.ts";
import type { RunClock } from "./run-clock.ts";

/** Tells the actor what came of an attempt; it ignores one whose serial is old. */
export type Answered = (
  nowMs: number,
  attempt: number,
  serial: number,
  cause: number,
  isDegraded: boolean,
  originService: number,
  originCause: number,
  slowService: number,
  slowOwnUs: number,
) => void;

export interface OutgoingCallsOptions {
  readonly plan: Plan;
  readonly clock: RunClock;
  readonly agenda: Agenda;
  readonly book: AddressBook;
  /** Zone index of the caller; null = outside, without network delay. */
  readonly zone: number | null;
  /** A round trip over loopback as measured before the run: taken off the modelled delay. */
  readonly loopbackMs: number;
  /** JSON to send along, chosen by the request's key; null = none. */
  readonly payloadOf: ((keyHigh: number, keyLow: number) => string) | null;
  readonly answered: Answered;
  /** The actor's entry in the agenda. */
  readonly entry: () => Entry;
  /** Asked for every request, with the time at which it was due to leave; one that may not is refused unsent. */
  readonly mayLeave: ((dueMs: number) => boolean) | null;
}

/** undici's timeouts stand behind ours, and fire up to a second late. */
const BACKSTOP_MS = 300_000;
/** A full accept queue shows only here. */
const CONNECT_BACKSTOP_MS = 10_000;
/** Idle connections stay: one closed by either side under a new request would look like a crash. */
const KEEP_ALIVE_MS = 3_600_000;

export class OutgoingCalls {
  readonly #options: OutgoingCallsOptions;
  readonly #pools = new Map<number, { readonly generation: number; readonly pool: Pool }>();
  /** By attempt and serial: a retry may have the slot of an attempt that is only now given up. */
  readonly #flights = new Map<number, Flight>();
  readonly #landed: Landed = (flight, head) => this.#land(flight, head);

  constructor(options: OutgoingCallsOptions) {
    this.#options = options;
  }

  /** Requests on the wire or held back by the network delay. */
  get inFlight(): number {
    return this.#flights.size;
  }

  send(table: CallTable, attempt: number): void {
    const { agenda, book, mayLeave } = this.#options;
    const sentMs = agenda.toldMs;
    const address = book.last(table.target[attempt]!);
    const flight = new Flight(this.#landed, attempt, table.serial[attempt]!, address?.service ?? -1);
    this.#flights.set(flightKey(attempt, flight.serial), flight);
    if (address === undefined || mayLeave?.(sentMs) === false) return this.#refuse(flight);
    flight.outMs = this.#delayMs(this.#options.zone, address.zone);
    flight.returnMs = this.#delayMs(address.zone, this.#options.zone);
    // The slots of the attempt table are reused; what the message carries is read now.
    const arrivesMs = sentMs + this.#networkMs(this.#options.zone, address.zone);
    const head = {
      target: address.id,
      generation: table.generation[attempt]!,
      keyHigh: table.keyHigh[attempt]!,
      keyLow: table.keyLow[attempt]!,
      user: table.user[attempt]!,
      item: table.item[attempt]!,
      criticality: table.criticality[attempt]!,
      headers: table.headers[attempt]!,
      depth: table.depth[attempt]!,
      arrivesMs,
      remainingMs: table.deadlineMs[attempt]! - arrivesMs,
    };
    const operation = table.operation[attempt]!;
    const depart = (): void => this.#depart(flight, operation, head);
    if (flight.outMs > 0) agenda.at(sentMs + flight.outMs, depart);
    else depart();
  }

  /** The callee learns of it when the news has crossed the network: its socket closes under it. */
  abandon(table: CallTable, attempt: number): void {
    const flight = this.#flights.get(flightKey(attempt, table.abandonedSerial[attempt]!));
    if (flight === undefined) return;
    this.#release(flight);
    const { agenda } = this.#options;
    if (flight.outMs > 0) agenda.at(agenda.toldMs + flight.outMs, () => flight.cut());
    else queueMicrotask(() => flight.cut());
  }

  /** All sockets end at once, as they do when a process is killed. */
  destroy(): void {
    for (const { pool } of this.#pools.values()) void pool.destroy().catch(() => {});
    this.#pools.clear();
  }

  /** Delayed by the way back, then told. */
  #land(flight: Flight, head: AnswerHead): void {
    const { agenda, clock } = this.#options;
    const tell = (nowMs: number): void => this.#tell(flight, head, nowMs);
    if (flight.returnMs > 0) agenda.at(clock.nowMs() + flight.returnMs, tell);
    else agenda.message(tell);
  }

  /**
   * Told as work that is due now, or after the way back. Told in a microtask, each would do the work that had become due
   * meanwhile, with more refusals in it: a generator that cannot keep up would hear nothing any more.
   */
  #refuse(flight: Flight): void {
    const { agenda } = this.#options;
    const head = failureHead(REFUSED, flight.service);
    agenda.at(agenda.toldMs + flight.returnMs, (nowMs) => this.#tell(flight, head, nowMs));
  }

  #tell(flight: Flight, head: AnswerHead, nowMs: number): void {
    if (!flight.isAwaited) return;
    this.#release(flight);
    const { agenda, answered, entry } = this.#options;
    answered(
      nowMs,
      flight.attempt,
      flight.serial,
      head.cause,
      head.isDegraded,
      head.originService,
      head.originCause,
      head.slowService,
      head.slowOwnUs,
    );
    agenda.refresh(entry());
  }

  #release(flight: Flight): void {
    flight.isAwaited = false;
    this.#flights.delete(flightKey(flight.attempt, flight.serial));
  }

  #depart(flight: Flight, operation: number, head: RequestHead): void {
    const { plan, book, payloadOf } = this.#options;
    const address = book.last(head.target)!;
    if (address.generation !== head.generation) return this.#refuse(flight);
    const headers = writeRequestHead(head, plan.headers);
    const body = payloadOf === null ? null : payloadOf(head.keyHigh, head.keyLow);
    if (body !== null) headers.push("content-type", "application/json");
    const path = `/${encodeURIComponent(plan.services[address.service]!.operations[operation]!)}`;
    this.#poolOf(address).dispatch({ path, method: "POST", headers, body }, flight);
  }

  /** A modelled one-way delay less its half of the loopback round trip. */
  #delayMs(from: number | null, to: number | null): number {
    return Math.max(0, this.#networkMs(from, to) - this.#options.loopbackMs / 2);
  }

  #networkMs(from: number | null, to: number | null): number {
    return from === null || to === null ? 0 : this.#options.plan.networkMs[from]![to]!;
  }

  #poolOf(address: InstanceAddress): Pool {
    const known = this.#pools.get(address.id);
    if (known !== undefined && known.generation === address.generation) return known.pool;
    if (known !== undefined) void known.pool.close().catch(() => {});
    const pool = new Pool(originOf(address.port), {
      // No limit and no pipelining: undici never queues (the connection pool is a machine of ours), and with
      // pipelining the time of one request would be charged to the next.
      connections: null,
      pipelining: 1,
      headersTimeout: BACKSTOP_MS,
      bodyTimeout: BACKSTOP_MS,
      connectTimeout: CONNECT_BACKSTOP_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    });
    this.#pools.set(address.id, { generation: address.generation, pool });
    return pool;
  }
}

/** Attempts in flight are far fewer than 2^20, and a serial is an int32. */
function flightKey(attempt: number, serial: number): number {
  return serial * 0x100000 + attempt;
}

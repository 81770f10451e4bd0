// One load with its callers, as both engines drive it: arrivals, or the clients of a closed population, set out on
// journeys, each the one call that a user waits for; what becomes of it is counted as the user sees it.
import { hashText, mixHigh, mixLow } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { Route } from "../model/route.ts";
import { Arrivals } from "../load/arrivals.ts";
import { Door } from "../load/door.ts";
import { JourneyMix } from "../load/journey-mix.ts";
import { Population } from "../load/population.ts";
import type { ClientOrder } from "../model/client-order.ts";
import { CONNECTION_RESET, OK } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import type { Tally } from "../signals/tally.ts";
import { Caller, NO_CALL } from "./caller.ts";
import { sessionRules } from "./session-rules.ts";
import { Surges } from "./surges.ts";
import type { Transport } from "./transport.ts";
import { UserBooks } from "./user-books.ts";

export interface LoadActorOptions {
  readonly plan: Plan;
  /** Index of the load. */
  readonly load: number;
  readonly tally: Tally;
  readonly transport: Transport;
  /** The engine's number for this actor in return addresses. */
  readonly address: number;
}

const PATIENCE = hashText("actor/load/patience");

export class LoadActor {
  readonly caller: Caller;
  readonly #plan: Plan;
  readonly #load: number;
  readonly #callOfJourney: readonly number[];
  readonly #criticalities: readonly number[] | undefined;
  readonly #headers: number;
  readonly #books: UserBooks;
  readonly #tally: Tally;
  /** One of the two is null. */
  readonly #arrivals: Arrivals | null;
  readonly #population: Population | null;
  /** null until a fault adds people. */
  #surges: Surges | null = null;
  /** Journey index of what begins a session; -1 without. */
  readonly #sessionJourney: number;
  readonly #patience: Sampler | null;
  /** null until somebody is turned away. */
  #door: Door | null = null;
  readonly #mix: JourneyMix;
  readonly #name: number;
  #clientsSinceMs = 0;

  constructor(options: LoadActorOptions) {
    const { plan, tally } = options;
    const load = plan.loads[options.load]!;
    this.#plan = plan;
    this.#load = options.load;
    this.#callOfJourney = load.callOfJourney;
    this.#criticalities = load.criticalities;
    this.#headers = load.headers ?? 0;
    this.#books = new UserBooks(plan, options.load, tally);
    this.#tally = tally;
    this.#name = hashText(load.name);
    const session = load.population?.session ?? null;
    this.#sessionJourney = session?.journey ?? -1;
    this.#population =
      load.population === undefined ? null : new Population(load, plan.seed, session && sessionRules(session));
    this.#arrivals = this.#population === null ? new Arrivals(load, plan.seed) : null;
    this.#patience = load.patience === undefined ? null : new Sampler(load.patience);
    this.#mix = new JourneyMix(load.mix);
    this.caller = new Caller({
      plan,
      calls: load.calls,
      tally,
      transport: options.transport,
      address: options.address,
      name: load.name,
      service: -1,
      zone: load.zone ?? -1,
      startMs: 0,
    });
  }

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

  nextWakeup(): number {
    return Math.min(this.#nextStartMs(), this.caller.nextWakeup());
  }

  /** Handles one thing that was due by `dueMs`. */
  wake(dueMs: number): void {
    if (this.#nextStartMs() > dueMs) this.caller.wake(dueMs, dueMs);
    else if (this.#arrivals !== null) this.#arrive(dueMs, this.#arrivals);
    else this.#act(dueMs, this.#population!);
    this.#pump(dueMs);
  }

  route(route: Route): void {
    this.caller.route(route);
  }

  /** After the route to a service has changed: clients whose instance has gone find their connections closed. */
  lookAround(nowMs: number, service: number): void {
    if (this.#population === null || this.#sessionJourney < 0) return;
    const call = this.#callOfJourney[this.#sessionJourney]!;
    const { callee } = this.#plan.loads[this.#load]!.calls[call]!;
    if (callee !== service) return;
    for (let client = 0; client < this.#population.size; client++) {
      if (!this.caller.hasLost(call, client)) continue;
      this.caller.detach(callee, client);
      this.#population.disconnect(nowMs, client);
    }
  }

  /** A remedy asks something of these people. */
  order(nowMs: number, order: ClientOrder): void {
    if (order.do === "disconnect" ? !this.#goesTo(order.service) : order.load !== this.#load) return;
    this.#door ??= new Door(this.#plan.loads[this.#load]!.name, this.#plan.seed);
    this.#door.obey(nowMs, order);
    if (order.do === "disconnect") this.#cutOff(nowMs, order.service);
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.caller.disturb(active);
    if (this.#surges === null && active.every(({ disturbance }) => disturbance.on !== "load")) return;
    this.#surges ??= new Surges(this.#plan, this.#load, this.#tally);
    this.#surges.disturb(active);
  }

  observe(nowMs: number): void {
    this.caller.observe(nowMs);
    if (this.#population === null || this.#sessionJourney < 0) return;
    const clientsMs = this.#population.size * (nowMs - this.#clientsSinceMs);
    this.#books.connected(this.#sessionJourney, this.#population.takeConnectedMs(nowMs), clientsMs);
    this.#clientsSinceMs = nowMs;
  }

  #nextStartMs(): number {
    if (this.#arrivals === null) return this.#population!.nextMs();
    const surgeMs = this.#surges === null ? Infinity : this.#surges.nextMs();
    return Math.min(this.#arrivals.nextMs(), surgeMs);
  }

  #arrive(nowMs: number, arrivals: Arrivals): void {
    if (this.#surges !== null && this.#surges.nextMs() < arrivals.nextMs()) return this.#surge(nowMs, this.#surges);
    const { index } = arrivals;
    // Users count from the moment at which they meant to send, even where the engine is a little late.
    const intendedMs = arrivals.nextMs();
    arrivals.advance();
    if (this.#door?.isQuiet(nowMs) === true) return;
    const high = mixHigh(this.#plan.seed, this.#name, index);
    const low = mixLow(this.#plan.seed, this.#name, index);
    this.#setOut(nowMs, intendedMs, this.#mix.choose(high, low), this.#books.users.of(index), high, low);
  }

  /** Somebody comes whom a fault has added. */
  #surge(nowMs: number, surges: Surges): void {
    const intendedMs = surges.nextMs();
    surges.shift();
    if (this.#door?.isQuiet(nowMs) === true) return;
    const { high, low, index } = surges;
    this.#setOut(nowMs, intendedMs, this.#mix.choose(high, low), this.#books.users.of(index), high, low);
  }

  /** The client that is due asks for something, or for a session. */
  #act(nowMs: number, population: Population): void {
    if (this.#door?.isQuiet(nowMs) === true) return population.passOver(nowMs);
    const intendedMs = population.nextMs();
    const client = population.begin();
    const { keyHigh, keyLow } = population;
    const journey = population.isConnecting(client) ? this.#sessionJourney : this.#mix.choose(keyHigh, keyLow);
    this.#setOut(nowMs, intendedMs, journey, client, keyHigh, keyLow);
  }

  #setOut(nowMs: number, intendedMs: number, journey: number, user: number, high: number, low: number): void {
    const request = this.#books.begin(intendedMs, journey, user);
    const { service, operation } = this.#plan.journeys[journey]!;
    const refusal = this.#door === null ? OK : this.#door.judge(nowMs, user, service);
    if (refusal !== OK) return this.#book(nowMs, request, refusal, false, service, refusal, service);
    const boundMs = this.#patience === null ? Infinity : intendedMs + this.#patience.draw(high, low, PATIENCE);
    const call = this.#callOfJourney[journey]!;
    const matters = this.#criticalities?.[journey];
    const carried = this.#headers;
    this.caller.begin(nowMs, call, request, operation, high, low, user, 0, Infinity, boundMs, matters, -1, 0, carried);
  }

  #pump(nowMs: number): void {
    const { caller } = this;
    const { table } = caller;
    for (let slot = caller.take(nowMs); slot !== NO_CALL; slot = caller.take(nowMs)) {
      this.#book(
        nowMs,
        table.owner[slot]!,
        table.cause[slot]!,
        table.isDegraded[slot] === 1,
        table.originService[slot]!,
        table.originCause[slot]!,
        table.slowService[slot]!,
      );
      table.free(slot);
    }
  }

  #book(
    nowMs: number,
    request: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
  ): void {
    const user = this.#books.user[request]!;
    this.#books.ended(nowMs, request, cause, isDegraded, originService, originCause, slowService);
    this.#population?.ended(nowMs, user, cause);
  }

  /** All connections to the service are cut: what was asked over them is lost, and so are the sessions they carried. */
  #cutOff(nowMs: number, service: number): void {
    const { caller } = this;
    for (const slot of caller.table.inOrder()) {
      const request = caller.table.owner[slot]!;
      if (this.#serviceOf(this.#books.journey[request]!) !== service) continue;
      caller.drop(nowMs, slot);
      this.#book(nowMs, request, CONNECTION_RESET, false, service, CONNECTION_RESET, service);
    }
    if (this.#population !== null) this.#disconnect(nowMs, this.#population, service);
    this.#pump(nowMs);
  }

  #disconnect(nowMs: number, population: Population, service: number): void {
    const isHome = this.#sessionJourney >= 0 && this.#serviceOf(this.#sessionJourney) === service;
    for (let client = 0; client < population.size; client++) {
      this.caller.detach(service, client);
      if (isHome) population.disconnect(nowMs, client);
    }
  }

  #goesTo(service: number): boolean {
    return this.#plan.loads[this.#load]!.calls.some(({ callee }) => callee === service);
  }

  /** The service that the journey begins at. */
  #serviceOf(journey: number): number {
    return this.#plan.journeys[journey]!.service;
  }
}

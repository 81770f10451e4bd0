// One load with its callers, as both engines drive it: arrivals, or the clients of a closed population, set out on
// journeys, each the one call that a user waits for; what becomes of it is counted as the user sees it.
import { hashText, mixHigh, mixLow } from "../core/key.ts";
import { grow } from "../core/grow.ts";
import { Sampler } from "../core/sampler.ts";
import { IntRing } from "../core/int-ring.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { Route } from "../model/route.ts";
import { Arrivals } from "../load/arrivals.ts";
import { JourneyMix } from "../load/journey-mix.ts";
import { Population } from "../load/population.ts";
import { Users } from "../load/users.ts";
import { ERROR, OK, SLOW, WRONG } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";
import { Caller, NO_CALL } from "./caller.ts";
import { sessionRules } from "./session-rules.ts";
import type { Transport } from "./transport.ts";

export interface LoadActorOptions {
  readonly plan: Plan;
  /** Index of the load. */
  readonly load: number;
  readonly tally: Tally;
  readonly transport: Transport;
  /** The engine's number for this actor in return addresses. */
  readonly address: number;
}

const INITIAL_CAPACITY = 64;

const PATIENCE = hashText("actor/load/patience");

export class LoadActor {
  readonly caller: Caller;
  readonly #plan: Plan;
  readonly #load: number;
  readonly #callOfJourney: readonly number[];
  readonly #tally: Tally;
  readonly #rows: readonly number[];
  /** One of the two is null. */
  readonly #arrivals: Arrivals | null;
  readonly #population: Population | null;
  /** Journey index of what begins a session; -1 without. */
  readonly #sessionJourney: number;
  readonly #patience: Sampler | null;
  readonly #mix: JourneyMix;
  readonly #users: Users;
  readonly #name: number;
  #isMeasuring = false;
  #clientsSinceMs = 0;
  /** Requests under way: journey, user and intended send time by slot. */
  #journey = new Int32Array(INITIAL_CAPACITY);
  #user = new Int32Array(INITIAL_CAPACITY);
  #startMs = new Float64Array(INITIAL_CAPACITY);
  readonly #free = new IntRing();
  #used = 0;

  constructor(options: LoadActorOptions) {
    const { plan, tally } = options;
    const load = plan.loads[options.load]!;
    this.#plan = plan;
    this.#load = options.load;
    this.#callOfJourney = load.callOfJourney;
    this.#tally = tally;
    this.#rows = tally.layout.journeyRow[options.load]!;
    this.#name = hashText(load.name);
    const session = load.population?.session ?? null;
    this.#sessionJourney = session?.journey ?? -1;
    this.#population =
      load.population === undefined ? null : new Population(load, plan.seed, session && sessionRules(session));
    this.#arrivals = this.#population === null ? new Arrivals(load, plan.seed) : null;
    this.#patience = load.patience === undefined ? null : new Sampler(load.patience);
    this.#mix = new JourneyMix(load.mix);
    this.#users = new Users(load, plan.seed);
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

  disturb(active: readonly ActiveDisturbance[]): void {
    this.caller.disturb(active);
  }

  observe(nowMs: number): void {
    this.caller.observe(nowMs);
    if (this.#population === null || this.#sessionJourney < 0) return;
    const row = this.#rows[this.#sessionJourney]! * JOURNEY_WIDTH;
    const { journeys } = this.#tally;
    journeys[row + JOURNEY.connectedMs]! += this.#population.takeConnectedMs(nowMs);
    journeys[row + JOURNEY.clientsMs]! += this.#population.size * (nowMs - this.#clientsSinceMs);
    this.#clientsSinceMs = nowMs;
  }

  #nextStartMs(): number {
    return this.#arrivals === null ? this.#population!.nextMs() : this.#arrivals.nextMs();
  }

  #arrive(nowMs: number, arrivals: Arrivals): void {
    const { index } = arrivals;
    // Users count from the moment at which they meant to send, even where the engine is a little late.
    const intendedMs = arrivals.nextMs();
    arrivals.advance();
    const high = mixHigh(this.#plan.seed, this.#name, index);
    const low = mixLow(this.#plan.seed, this.#name, index);
    this.#setOut(nowMs, intendedMs, this.#mix.choose(high, low), this.#users.of(index), high, low);
  }

  /** The client that is due asks for something, or for a session. */
  #act(nowMs: number, population: Population): void {
    const intendedMs = population.nextMs();
    const client = population.begin();
    const { keyHigh, keyLow } = population;
    const journey = population.isConnecting(client) ? this.#sessionJourney : this.#mix.choose(keyHigh, keyLow);
    this.#setOut(nowMs, intendedMs, journey, client, keyHigh, keyLow);
  }

  #setOut(nowMs: number, intendedMs: number, journey: number, user: number, high: number, low: number): void {
    const row = this.#rows[journey]! * JOURNEY_WIDTH;
    if (!this.#isMeasuring && intendedMs >= this.#plan.warmUpMs) {
      this.#isMeasuring = true;
      this.#users.forget();
    }
    if (this.#users.firstSeen(user)) this.#tally.journeys[row + JOURNEY.newUsers]!++;
    this.#tally.journeys[row + JOURNEY.sent]!++;
    const request = this.#allocate();
    this.#journey[request] = journey;
    this.#user[request] = user;
    this.#startMs[request] = intendedMs;
    const operation = this.#plan.journeys[journey]!.operation;
    const boundMs = this.#patience === null ? Infinity : intendedMs + this.#patience.draw(high, low, PATIENCE);
    this.caller.begin(nowMs, this.#callOfJourney[journey]!, request, operation, high, low, user, 0, Infinity, boundMs);
  }

  #pump(nowMs: number): void {
    for (let slot = this.caller.take(nowMs); slot !== NO_CALL; slot = this.caller.take(nowMs)) {
      this.#ended(nowMs, slot);
      this.caller.table.free(slot);
    }
  }

  #ended(nowMs: number, slot: number): void {
    const { table } = this.caller;
    const request = table.owner[slot]!;
    const journey = this.#journey[request]!;
    const index = this.#rows[journey]!;
    const row = index * JOURNEY_WIDTH;
    const { journeys } = this.#tally;
    const latencyMs = nowMs - this.#startMs[request]!;
    let cause = table.cause[slot]!;
    let originService = table.originService[slot]!;
    let originCause = table.originCause[slot]!;
    const withinMs = this.#plan.journeys[journey]!.objective.withinMs;
    if (cause === OK && withinMs !== null && latencyMs > withinMs) {
      cause = SLOW;
      originService = table.slowService[slot]!;
      originCause = SLOW;
    }
    journeys[row + JOURNEY.ended]!++;
    journeys[row + JOURNEY.outcome + cause]!++;
    if (cause === OK && table.isDegraded[slot] === 1) journeys[row + JOURNEY.degraded]!++;
    if (cause === OK || cause === SLOW || cause === ERROR || cause === WRONG) {
      journeys[row + JOURNEY.latencyMs]! += latencyMs;
      this.#tally.journeyLatency.record(index, latencyMs);
    }
    if (cause !== OK) this.#tally.bad(index, this.#user[request]!, originService, originCause);
    this.#free.push(request);
    this.#population?.ended(nowMs, this.#user[request]!, cause);
  }

  #allocate(): number {
    if (this.#free.length > 0) return this.#free.shift();
    if (this.#used === this.#journey.length) {
      const capacity = this.#used * 2;
      this.#journey = grow(this.#journey, capacity);
      this.#user = grow(this.#user, capacity);
      this.#startMs = grow(this.#startMs, capacity);
    }
    return this.#used++;
  }
}

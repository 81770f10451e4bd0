// One load with its callers, as both engines drive it: arrivals set out on journeys, each the one call that a user
// waits for; what becomes of it is counted as the user sees it.
import { hashText, mixHigh, mixLow } from "../core/key.ts";
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { Route } from "../model/route.ts";
import { Arrivals } from "../load/arrivals.ts";
import { JourneyMix } from "../load/journey-mix.ts";
import { Users } from "../load/users.ts";
import { ERROR, OK, SLOW, WRONG } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";
import { Caller, NO_CALL } from "./caller.ts";
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

export class LoadActor {
  readonly caller: Caller;
  readonly #plan: Plan;
  readonly #callOfJourney: readonly number[];
  readonly #tally: Tally;
  readonly #rows: readonly number[];
  readonly #arrivals: Arrivals;
  readonly #mix: JourneyMix;
  readonly #users: Users;
  readonly #name: number;
  #isMeasuring = false;
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
    this.#callOfJourney = load.callOfJourney;
    this.#tally = tally;
    this.#rows = tally.layout.journeyRow[options.load]!;
    this.#name = hashText(load.name);
    this.#arrivals = new Arrivals(load, plan.seed);
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
    return Math.min(this.#arrivals.nextMs(), this.caller.nextWakeup());
  }

  /** Handles one thing that was due by `dueMs`. */
  wake(dueMs: number): void {
    if (this.#arrivals.nextMs() <= dueMs) this.#arrive(dueMs);
    else this.caller.wake(dueMs, dueMs);
    this.#pump(dueMs);
  }

  route(route: Route): void {
    this.caller.route(route);
  }

  disturb(active: readonly ActiveDisturbance[]): void {
    this.caller.disturb(active);
  }

  observe(nowMs: number): void {
    this.caller.observe(nowMs);
  }

  #arrive(nowMs: number): void {
    const index = this.#arrivals.index;
    // Users count from the moment at which they meant to send, even where the engine is a little late.
    const intendedMs = this.#arrivals.nextMs();
    this.#arrivals.advance();
    const high = mixHigh(this.#plan.seed, this.#name, index);
    const low = mixLow(this.#plan.seed, this.#name, index);
    const journey = this.#mix.choose(high, low);
    const user = this.#users.of(index);
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
    this.caller.begin(nowMs, this.#callOfJourney[journey]!, request, operation, high, low, user, 0, Infinity, Infinity);
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

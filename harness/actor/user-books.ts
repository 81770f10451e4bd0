// What the users of one load see, counted as they see it: requests under way by slot, and what became of them.
import { grow } from "../core/grow.ts";
import { IntRing } from "../core/int-ring.ts";
import { Users } from "../load/users.ts";
import { ERROR, OK, SLOW, WRONG } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import { JOURNEY, JOURNEY_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";

const INITIAL_CAPACITY = 64;

export class UserBooks {
  readonly users: Users;
  /** By request: journey, user and intended send time. */
  journey = new Int32Array(INITIAL_CAPACITY);
  user = new Int32Array(INITIAL_CAPACITY);
  startMs = new Float64Array(INITIAL_CAPACITY);
  readonly #plan: Plan;
  readonly #tally: Tally;
  readonly #rows: readonly number[];
  #isMeasuring = false;
  readonly #free = new IntRing();
  #used = 0;

  /** `load`: its index in the plan. */
  constructor(plan: Plan, load: number, tally: Tally) {
    this.users = new Users(plan.loads[load]!, plan.seed);
    this.#plan = plan;
    this.#tally = tally;
    this.#rows = tally.layout.journeyRow[load]!;
  }

  /** A user sets out on a journey, as was intended for that time. Returns the request's slot. */
  begin(intendedMs: number, journey: number, user: number): number {
    const row = this.#rows[journey]! * JOURNEY_WIDTH;
    if (!this.#isMeasuring && intendedMs >= this.#plan.warmUpMs) {
      this.#isMeasuring = true;
      this.users.forget();
    }
    if (this.users.firstSeen(user)) this.#tally.journeys[row + JOURNEY.newUsers]!++;
    this.#tally.journeys[row + JOURNEY.sent]!++;
    const request = this.#allocate();
    this.journey[request] = journey;
    this.user[request] = user;
    this.startMs[request] = intendedMs;
    return request;
  }

  /** The request ended with a cause; a success that took too long is `slow`, and `slowService` is why. */
  ended(
    nowMs: number,
    request: number,
    cause: number,
    isDegraded: boolean,
    originService: number,
    originCause: number,
    slowService: number,
  ): void {
    const journey = this.journey[request]!;
    const index = this.#rows[journey]!;
    const row = index * JOURNEY_WIDTH;
    const { journeys } = this.#tally;
    const latencyMs = nowMs - this.startMs[request]!;
    const withinMs = this.#plan.journeys[journey]!.objective.withinMs;
    if (cause === OK && withinMs !== null && latencyMs > withinMs) {
      cause = SLOW;
      originService = slowService;
      originCause = SLOW;
    }
    journeys[row + JOURNEY.ended]!++;
    journeys[row + JOURNEY.outcome + cause]!++;
    if (cause === OK && isDegraded) journeys[row + JOURNEY.degraded]!++;
    if (cause === OK || cause === SLOW || cause === ERROR || cause === WRONG) {
      journeys[row + JOURNEY.latencyMs]! += latencyMs;
      this.#tally.journeyLatency.record(index, latencyMs);
    }
    if (cause !== OK) this.#tally.bad(index, this.user[request]!, originService, originCause);
    this.#free.push(request);
  }

  /** Integrals of clients with a session, and of all clients, on the row of the journey that begins sessions. */
  connected(journey: number, connectedMs: number, clientsMs: number): void {
    const row = this.#rows[journey]! * JOURNEY_WIDTH;
    this.#tally.journeys[row + JOURNEY.connectedMs]! += connectedMs;
    this.#tally.journeys[row + JOURNEY.clientsMs]! += clientsMs;
  }

  #allocate(): number {
    if (this.#free.length > 0) return this.#free.shift();
    if (this.#used === this.journey.length) {
      const capacity = this.#used * 2;
      this.journey = grow(this.journey, capacity);
      this.user = grow(this.user, capacity);
      this.startMs = grow(this.startMs, capacity);
    }
    return this.#used++;
  }
}

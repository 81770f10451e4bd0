// How a request meets the cache of its instance. It looks when it has a worker: then it is answered at once, waits for
// somebody who fetches the same, or fetches (does the operation's steps), and what comes of that is kept.
import { grow } from "../core/grow.ts";
import type { CachePlan } from "../model/cache-plan.ts";
import { CANCELLED, ERROR, OK, WRONG } from "../model/outcome.ts";
import type { VariantPlan } from "../model/service-plan.ts";
import { Cache, FRESH, MISS, NOT_KEPT, STALE } from "./cache.ts";
import { NOBODY, SingleFlights } from "./single-flights.ts";
import type { Visits } from "./visits.ts";

const INITIAL_CAPACITY = 64;

/** What becomes of a visit that has begun: it does the operation's steps; */
export const FETCHES = 0;
/** it is answered at once, as `cache` says; */
export const ANSWERED = 1;
/** it waits for the answer of another visit. */
export const FOLLOWS = 2;

export class CachePath {
  readonly cache: Cache;
  /** Since the last `reset`: looks, and what they found; the integral of entries. */
  lookups = 0;
  hits = 0;
  /** Answers that were too old, given for a failure. */
  stale = 0;
  /** Failures that were remembered, given at once. */
  negative = 0;
  /** Looks that ended in waiting for another's answer. */
  shared = 0;
  entriesMs = 0;
  readonly #visits: Visits;
  readonly #flights: SingleFlights | null;
  /** By visit: what it fetches, or NOT_KEPT; and since when it waits for another. */
  #fetched = new Float64Array(INITIAL_CAPACITY).fill(NOT_KEPT);
  #sinceMs = new Float64Array(INITIAL_CAPACITY);
  #observedMs: number;

  constructor({ operations }: VariantPlan, plan: CachePlan, visits: Visits, isInitial: boolean, startMs: number) {
    this.cache = new Cache(plan, operations.length, isInitial || !plan.coldOnStart, startMs);
    this.#visits = visits;
    this.#flights = plan.singleFlight ? new SingleFlights() : null;
    this.#observedMs = startMs;
  }

  /** A visit has a worker and would begin its steps. */
  begin(nowMs: number, visit: number): typeof FETCHES | typeof ANSWERED | typeof FOLLOWS {
    this.#reach(visit);
    const key = this.cache.keyOf(this.#visits.operation[visit]!, this.#visits.item[visit]!);
    if (key === NOT_KEPT) return FETCHES;
    this.lookups++;
    const found = this.cache.look(nowMs, key);
    if (found !== MISS) {
      if (found === FRESH) this.hits++;
      else if (found === STALE) this.#giveStale(visit);
      else this.negative++;
      return ANSWERED;
    }
    if (this.#flights?.follows(visit, key) === true) {
      this.shared++;
      this.#sinceMs[visit] = nowMs;
      return FOLLOWS;
    }
    this.#fetched[visit] = key;
    return FETCHES;
  }

  /** A visit is about to end like this. True if an answer that is too old is given in the place of its failure, as `cache` says. */
  ending(
    nowMs: number,
    visit: number,
    cause: number,
    status: number,
    originService: number,
    originCause: number,
  ): boolean {
    if (this.#flights !== null && this.#flights.leaderOf(visit) !== NOBODY) this.#flights.leave(visit);
    const key = this.#fetched[visit] ?? NOT_KEPT;
    if (key === NOT_KEPT || cause === CANCELLED) return false;
    this.#fetched[visit] = NOT_KEPT;
    this.#observe(nowMs);
    this.#flights?.landed(key);
    if (cause === WRONG || (cause === OK && this.#visits.isDegraded[visit] === 0))
      this.cache.keep(nowMs, key, cause, originService, originCause);
    if (cause !== ERROR || !this.cache.fail(nowMs, key, status, originService, originCause)) return false;
    this.#giveStale(visit);
    return true;
  }

  /** A visit has ended: a follower that is to end alike, NOBODY when there is none left. */
  nextFollower(nowMs: number, visit: number): number {
    const follower = this.#flights?.shift(visit) ?? NOBODY;
    if (follower === NOBODY) return NOBODY;
    const { calledMs, isDegraded, slowOwnUs, slowService } = this.#visits;
    isDegraded[follower] = isDegraded[visit]!;
    // What it waited for is the other's time, not its own.
    calledMs[follower]! += nowMs - this.#sinceMs[follower]!;
    slowOwnUs[follower] = slowOwnUs[visit]!;
    slowService[follower] = slowService[visit]!;
    return follower;
  }

  /** A visit that fetched was cancelled: the follower that is to fetch in its place, or NOBODY. */
  heirOf(nowMs: number, visit: number): number {
    const key = this.#fetched[visit] ?? NOT_KEPT;
    if (key === NOT_KEPT) return NOBODY;
    this.#fetched[visit] = NOT_KEPT;
    const heir = this.#flights?.inherit(visit, key) ?? NOBODY;
    if (heir === NOBODY) return NOBODY;
    this.#visits.calledMs[heir]! += nowMs - this.#sinceMs[heir]!;
    this.#fetched[heir] = key;
    return heir;
  }

  /** The visit whose steps a visit is waiting for: its own, or those of whom it follows. */
  workedOnBy(visit: number): number {
    const leader = this.#flights?.leaderOf(visit) ?? NOBODY;
    return leader === NOBODY ? visit : leader;
  }

  flush(nowMs: number): void {
    this.#observe(nowMs);
    this.cache.flush();
  }

  /** The counters are about to be read. */
  observe(nowMs: number): void {
    this.#observe(nowMs);
  }

  /** The counters were read. */
  reset(): void {
    this.lookups = 0;
    this.hits = 0;
    this.stale = 0;
    this.negative = 0;
    this.shared = 0;
    this.entriesMs = 0;
  }

  #giveStale(visit: number): void {
    this.stale++;
    this.#visits.isDegraded[visit] = 1;
  }

  #observe(nowMs: number): void {
    this.entriesMs += this.cache.entries * (nowMs - this.#observedMs);
    this.#observedMs = nowMs;
  }

  #reach(visit: number): void {
    const before = this.#fetched.length;
    if (visit < before) return;
    const capacity = Math.max(visit + 1, before * 2);
    this.#fetched = grow(this.#fetched, capacity).fill(NOT_KEPT, before);
    this.#sinceMs = grow(this.#sinceMs, capacity);
  }
}

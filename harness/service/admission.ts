// Who may come in at all, before the queue: an instance that knows its limits refuses what it could not finish in time.
import * as z from "zod";
import { grow } from "../core/grow.ts";
import type { AdmissionPlan } from "../model/admission-plan.ts";
import { CANCELLED, OK, OVERLOAD, SHED, TIMEOUT, WRONG } from "../model/outcome.ts";
import { ConcurrencyLimit, concurrencyLimitSchema } from "./concurrency-limit.ts";
import { UtilizationShedder, utilizationSchema } from "./utilization-shedder.ts";
import type { Visits } from "./visits.ts";

/** Written `admission`; the output becomes an AdmissionPlan at a pace. */
export const admissionSchema = z
  .union([
    concurrencyLimitSchema.transform((limit) => ({ type: "concurrencyLimit" as const, limit })),
    utilizationSchema,
  ])
  .describe("What an instance refuses before it would wait for a worker.");

const INITIAL_CAPACITY = 64;

export class Admission {
  readonly #limit: ConcurrencyLimit | null;
  readonly #shedder: UtilizationShedder | null;
  readonly #visits: Visits;
  /** By visit: when it was admitted and as the how-many-th; 0 = it was not, or has ended. */
  #sinceMs = new Float64Array(INITIAL_CAPACITY);
  #place = new Int32Array(INITIAL_CAPACITY);
  #inFlight = 0;
  /** Integral of the limit. */
  #limitMs = 0;
  #integratedMs: number;

  /** `key` is the instance's: what is drawn is drawn by it. */
  constructor(plan: AdmissionPlan, visits: Visits, key: number, startMs: number) {
    this.#limit = plan.type === "concurrencyLimit" ? new ConcurrencyLimit(plan.limit, key, startMs) : null;
    this.#shedder = plan.type === "utilization" ? new UtilizationShedder(plan, startMs) : null;
    this.#visits = visits;
    this.#integratedMs = startMs;
  }

  /** OK where the visit may come in, else why not. One that may is told of by `ended` when it ends. */
  decide(nowMs: number, visit: number): number {
    if (this.#shedder?.refuses(this.#visits.criticality[visit]!) === true) return SHED;
    if (this.#limit === null) return OK;
    this.#integrate(nowMs, this.#limit);
    if (this.#inFlight >= this.#limit.limit) return OVERLOAD;
    if (visit >= this.#place.length) {
      const capacity = Math.max(this.#place.length * 2, visit + 1);
      this.#place = grow(this.#place, capacity);
      this.#sinceMs = grow(this.#sinceMs, capacity);
    }
    this.#place[visit] = ++this.#inFlight;
    this.#sinceMs[visit] = nowMs;
    return OK;
  }

  /** A visit has ended by `cause`; one that was never admitted may end, too. */
  ended(nowMs: number, visit: number, cause: number): void {
    const limit = this.#limit;
    const place = visit < this.#place.length ? this.#place[visit]! : 0;
    if (place === 0 || limit === null) return;
    this.#place[visit] = 0;
    this.#inFlight--;
    const isDropped = isDrop(cause) || this.#visits.isAbandoned[visit] === 1;
    // How long a failure takes says nothing about load.
    if (!isDropped && cause !== OK && cause !== WRONG) return;
    this.#integrate(nowMs, limit);
    limit.sample(nowMs, this.#sinceMs[visit]!, place, isDropped);
  }

  /** Told before the instance becomes more or less busy: until now it was so busy, of its workers and of its cores. */
  advance(nowMs: number, workers: number, cpu: number): void {
    this.#shedder?.advance(nowMs, workers, cpu);
  }

  /** The integral of the limit since the last call; null where there is none. */
  takeLimitMs(nowMs: number): number | null {
    if (this.#limit === null) return null;
    this.#integrate(nowMs, this.#limit);
    const limitMs = this.#limitMs;
    this.#limitMs = 0;
    return limitMs;
  }

  /** Brings the limit and its integral up to now. */
  #integrate(nowMs: number, limit: ConcurrencyLimit): void {
    for (let dueMs = limit.nextChange(); dueMs <= nowMs; dueMs = limit.nextChange()) {
      this.#hold(dueMs, limit);
      limit.change(dueMs);
    }
    this.#hold(nowMs, limit);
  }

  #hold(untilMs: number, { limit }: ConcurrencyLimit): void {
    this.#limitMs += limit * (untilMs - this.#integratedMs);
    this.#integratedMs = untilMs;
  }
}

/** It was let in, and yet not served in time. Source: Netflix concurrency-limits, `Limiter.Listener.onDropped`. */
function isDrop(cause: number): boolean {
  return cause === TIMEOUT || cause === OVERLOAD || cause === CANCELLED;
}

// Takes endpoints out of the rotation that fail too often, each by its own record; one that was dead long enough gets a
// single request, whose end decides.
// Source: Finagle `FailureAccrualFactory`, whose states and rules for late answers are followed; what may mark an endpoint
// dead, and for how long, stands in accrued-failures.ts.
//
//   alive ──(marked dead by a failure)──► dead ──(time is over)──► probe open ──(a request leaves)──► probe closed
//     ▲                                    ▲                          ▲                                │  │  │
//     │                                    └───────────(it failed)────┼────────────────────────────────┘  │  │
//     │                                                               └───(nothing was learned from it)───┘  │
//     └──────────────────────────────────────────────(it succeeded)──────────────────────────────────────────┘
import * as z from "zod";
import { mixHigh, mixLow } from "../core/key.ts";
import type { FailureAccrualPlan } from "../model/call-plan.ts";
import { orNone } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import { AccruedFailures } from "./accrued-failures.ts";
import { isHostFailure, isHostSuccess } from "./outlier-detection.ts";

const successRateSchema = z
  .strictObject({
    required: ratio().prefault("80%").describe("Dead when a failure leaves the rate below this. Finagle: 80%."),
    window: duration("control")
      .prefault("30s")
      .describe("The rate is a mean that forgets over this time, and is not judged before it is over. Finagle: 30s."),
    minimumRequests: count(1)
      .prefault(5)
      .describe("An endpoint with fewer results in the window is not judged by it. Finagle: 5."),
  })
  .describe("Marks dead whose success rate is too low.");

/** Written `failureAccrual`; the output becomes a FailureAccrualPlan at a pace. */
export const failureAccrualSchema = z
  .strictObject({
    consecutiveFailures: orNone(count(1)).prefault(5).describe("Dead after so many failures in a row. Finagle: 5."),
    successRate: orNone(successRateSchema).prefault({}).describe("Marks dead by success rate; `none`: does not."),
    markDeadFor: z
      .strictObject({
        initial: duration("control").prefault("5s").describe("How long it is dead the first time. Finagle: 5s."),
        max: duration("control").prefault("300s").describe("It is dead no longer than this. Finagle: 300s."),
      })
      .prefault({})
      .describe("Each failed probe makes it initial × 2^(n − 1), and by chance up to as much again."),
  })
  .transform(({ consecutiveFailures, successRate, markDeadFor }) => ({
    consecutiveFailures,
    successRate:
      successRate === null
        ? null
        : {
            required: successRate.required,
            windowMs: successRate.window,
            minimumRequests: successRate.minimumRequests,
          },
    markDeadFor: { initialMs: markDeadFor.initial, maxMs: markDeadFor.max },
  }))
  .describe("Takes endpoints out of the rotation that fail, until a probe succeeds. Names and semantics of Finagle.");

const ALIVE = 0;
const DEAD = 1;
const PROBE_OPEN = 2;
const PROBE_CLOSED = 3;

interface Host {
  readonly failures: AccruedFailures;
  state: typeof ALIVE | typeof DEAD | typeof PROBE_OPEN | typeof PROBE_CLOSED;
  /** While dead. */
  untilMs: number;
}

/** The failure accrual of one caller for one call policy, over the slots of its endpoints. */
export class FailureAccrual {
  readonly #plan: FailureAccrualPlan;
  readonly #high: number;
  readonly #low: number;
  readonly #hosts = new Map<number, Host>();
  #nowMs = 0;
  #nextRevivalMs = Infinity;
  #ejections = 0;

  /** `high` and `low` are the key of this caller's draws. */
  constructor(plan: FailureAccrualPlan, high: number, low: number) {
    this.#plan = plan;
    this.#high = high;
    this.#low = low;
  }

  get hosts(): number {
    return this.#hosts.size;
  }

  /** Endpoints that nobody is to be sent to now. */
  get ejected(): number {
    let ejected = 0;
    for (const { state } of this.#hosts.values()) if (state === DEAD || state === PROBE_CLOSED) ejected++;
    return ejected;
  }

  /** Endpoints that were alive and were marked dead since this was last asked. */
  takeEjections(): number {
    const ejections = this.#ejections;
    this.#ejections = 0;
    return ejections;
  }

  isEjected(slot: number): boolean {
    const state = this.#hosts.get(slot)?.state;
    return state === DEAD || state === PROBE_CLOSED;
  }

  /** The endpoints of a new route; what is known of those that are new to it (`newcomers`), or gone, is forgotten. */
  joined(slots: readonly number[], newcomers: readonly number[]): void {
    const stay = new Set(slots);
    for (const slot of this.#hosts.keys()) if (!stay.has(slot)) this.#hosts.delete(slot);
    for (const slot of newcomers) {
      const high = mixHigh(this.#high, this.#low, slot);
      const low = mixLow(this.#high, this.#low, slot);
      const failures = new AccruedFailures(this.#plan, this.#nowMs, high, low);
      this.#hosts.set(slot, { failures, state: ALIVE, untilMs: 0 });
    }
  }

  /** An attempt leaves for this slot's endpoint. True where who is ejected has changed. */
  started(slot: number): boolean {
    return this.#move(slot, PROBE_OPEN, PROBE_CLOSED);
  }

  /** An attempt at this slot's endpoint ended, and it is not known how it would have. True where who is ejected has changed. */
  released(slot: number): boolean {
    return this.#move(slot, PROBE_CLOSED, PROBE_OPEN);
  }

  /** An attempt at this slot's endpoint ended by `cause`. True where who is ejected has changed. */
  settled(nowMs: number, slot: number, cause: number): boolean {
    const hasChanged = this.advance(nowMs);
    const host = this.#hosts.get(slot);
    if (host === undefined) return hasChanged;
    if (isHostSuccess(cause)) return this.#succeeded(nowMs, host) || hasChanged;
    if (isHostFailure(cause)) return this.#failed(nowMs, host) || hasChanged;
    return this.released(slot) || hasChanged;
  }

  /** Those that have been dead long enough by now may be probed. True where there are such. */
  advance(nowMs: number): boolean {
    this.#nowMs = nowMs;
    if (nowMs < this.#nextRevivalMs) return false;
    this.#nextRevivalMs = Infinity;
    for (const host of this.#hosts.values()) {
      if (host.state !== DEAD) continue;
      if (host.untilMs <= nowMs) host.state = PROBE_OPEN;
      else this.#nextRevivalMs = Math.min(this.#nextRevivalMs, host.untilMs);
    }
    return true;
  }

  /** One that answers although it is dead stays so until its time is over. */
  #succeeded(nowMs: number, host: Host): boolean {
    const isRevived = host.state === PROBE_CLOSED;
    if (isRevived) {
      host.failures.revived(nowMs);
      host.state = ALIVE;
    }
    host.failures.succeeded(nowMs);
    return isRevived;
  }

  /** Failures of what left before it died, or before its probe did, are late and say nothing. */
  #failed(nowMs: number, host: Host): boolean {
    const { state } = host;
    if (state === DEAD || state === PROBE_OPEN) return false;
    const deadMs = host.failures.failed(nowMs);
    if (deadMs === 0) {
      if (state === PROBE_CLOSED) host.state = PROBE_OPEN;
      return state === PROBE_CLOSED;
    }
    if (state === ALIVE) this.#ejections++;
    host.state = DEAD;
    host.untilMs = nowMs + deadMs;
    this.#nextRevivalMs = Math.min(this.#nextRevivalMs, host.untilMs);
    return true;
  }

  #move(slot: number, from: Host["state"], to: Host["state"]): boolean {
    const host = this.#hosts.get(slot);
    if (host?.state !== from) return false;
    host.state = to;
    return true;
  }
}

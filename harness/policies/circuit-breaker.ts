// A circuit breaker: after too many failed or slow attempts it refuses calls for a while, then lets a few try.
// Source: Resilience4j `CircuitBreakerStateMachine`, whose names, comparisons and half-open permits are followed exactly.
//
//   closed ──(failureRate ≥ or slowCallRate ≥)──► open ──(call after wait, or automatic)──► half-open
//      ▲                                            ▲                                          │  │
//      └──────────────(probes below)────────────────┼──────────────────────────────────────────┘  │
//                                                   └──────(probes ≥, or max wait over)───────────┘
import * as z from "zod";
import {
  BULKHEAD_FULL,
  CONNECTION_RESET,
  ERROR,
  NO_HEALTHY_HOST,
  OVERLOAD,
  RATE_LIMIT,
  REFUSED,
  SHED,
  TIMEOUT,
} from "../model/outcome.ts";
import type { CircuitBreakerPlan } from "../model/call-plan.ts";
import { count } from "../schema/count.ts";
import { duration, type ControlTime } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import type { IssueParams } from "../schema/written.ts";
import { CountWindow, TimeWindow } from "./call-window.ts";

const slidingWindowSchema = z
  .union([
    z
      .strictObject({
        type: z.literal("count").default("count"),
        size: count(1).prefault(100).describe("Number of calls."),
      })
      .transform((written) => ({ type: written.type, size: written.size })),
    z
      .strictObject({
        type: z.literal("time"),
        size: duration("control").describe("Length of the window."),
      })
      .transform((written) => ({ type: written.type, sizeMs: written.size })),
  ])
  .describe("What the rates are measured over: the last calls, or the calls of the last time.");

/** Written `circuitBreaker`; the output becomes a CircuitBreakerPlan at a pace. */
export const circuitBreakerSchema = z
  .strictObject({
    failureRateThreshold: threshold().prefault("50%").describe("Opens when the failed share reaches this."),
    slowCallRateThreshold: threshold().prefault("100%").describe("Opens when the slow share reaches this."),
    slowCallDurationThreshold: duration("request").prefault("60s").describe("A call that takes longer is slow."),
    slidingWindow: slidingWindowSchema.prefault({}),
    minimumNumberOfCalls: count(1).prefault(20).describe("No rate is judged on fewer calls."),
    waitDurationInOpenState: duration("control").prefault("5s").describe("How long it refuses before it probes."),
    permittedNumberOfCallsInHalfOpenState: count(1).prefault(10).describe("Number of probes, judged together."),
    maxWaitDurationInHalfOpenState: duration("control")
      .prefault("0s")
      .describe("Opens again when the probes take longer; 0s waits for them."),
    automaticTransitionFromOpenToHalfOpen: z
      .boolean()
      .default(false)
      .describe("Probes as soon as the wait is over, instead of at the next call after it."),
  })
  .transform((written) => ({
    failureRateThreshold: written.failureRateThreshold,
    slowCallRateThreshold: written.slowCallRateThreshold,
    slowCallDurationThresholdMs: written.slowCallDurationThreshold,
    slidingWindow: written.slidingWindow satisfies { size: number } | { sizeMs: ControlTime },
    minimumNumberOfCalls: written.minimumNumberOfCalls,
    waitDurationInOpenStateMs: written.waitDurationInOpenState,
    permittedNumberOfCallsInHalfOpenState: written.permittedNumberOfCallsInHalfOpenState,
    maxWaitDurationInHalfOpenStateMs: written.maxWaitDurationInHalfOpenState,
    automaticTransitionFromOpenToHalfOpen: written.automaticTransitionFromOpenToHalfOpen,
  }))
  .describe("Refuses calls after too many failed or slow attempts. Names and semantics of Resilience4j.");

/** At 0 the first success would open the breaker; Resilience4j refuses it too. */
function threshold() {
  return ratio().superRefine((value, context) => {
    const params: IssueParams = { code: "out-of-range", hint: "100% is the least strict" };
    if (value === 0) context.addIssue({ code: "custom", message: "a threshold must be above 0", params });
  });
}

export const CLOSED = 0;
export const OPEN = 1;
export const HALF_OPEN = 2;
export type BreakerState = typeof CLOSED | typeof OPEN | typeof HALF_OPEN;

/** Resilience4j keeps one slice a second; a compressed window has at least so many, so that it still slides. */
const LEAST_SLICES = 10;

/** Indices into the times of a breaker. */
const OPEN_UNTIL = 0;
const DUE = 1;

const FAILURES =
  (1 << ERROR) |
  (1 << TIMEOUT) |
  (1 << OVERLOAD) |
  (1 << RATE_LIMIT) |
  (1 << SHED) |
  (1 << BULKHEAD_FULL) |
  (1 << NO_HEALTHY_HOST) |
  (1 << CONNECTION_RESET) |
  (1 << REFUSED);

/** Whether an attempt that ended by this cause counts as failed. `cancelled` is not settled but released. */
export function isBreakerFailure(cause: number): boolean {
  return ((FAILURES >>> cause) & 1) === 1;
}

/**
 * The breaker of one caller for one call policy. It does not matter in which state an attempt was admitted:
 * its outcome counts in the state in which it arrives, and one that arrives while open changes nothing.
 */
export class CircuitBreaker {
  readonly #plan: CircuitBreakerPlan;
  readonly #lastCalls: CountWindow | null;
  readonly #lastSlices: TimeWindow | null;
  readonly #sliceMs: number;
  readonly #minimumCalls: number;
  readonly #probes: CountWindow;
  readonly #minimumProbes: number;
  #state: BreakerState = CLOSED;
  #permits = 0;
  /** OPEN_UNTIL: a call after this probes. DUE: when the state changes by itself, else Infinity. */
  readonly #times = Float64Array.of(0, Infinity);

  constructor(plan: CircuitBreakerPlan) {
    this.#plan = plan;
    const window = plan.slidingWindow;
    const slices = window.type === "time" ? Math.max(LEAST_SLICES, Math.ceil(window.sizeMs / 1000)) : 1;
    this.#lastCalls = window.type === "count" ? new CountWindow(window.size) : null;
    this.#lastSlices = window.type === "time" ? new TimeWindow(slices) : null;
    this.#sliceMs = window.type === "time" ? window.sizeMs / slices : Infinity;
    this.#minimumCalls =
      window.type === "count" ? Math.min(plan.minimumNumberOfCalls, window.size) : plan.minimumNumberOfCalls;
    this.#probes = new CountWindow(plan.permittedNumberOfCallsInHalfOpenState);
    this.#minimumProbes = Math.min(plan.minimumNumberOfCalls, plan.permittedNumberOfCallsInHalfOpenState);
  }

  /** Whether an attempt may leave now. One that may is settled or released exactly once. */
  tryAcquire(nowMs: number): boolean {
    this.#catchUp(nowMs);
    if (this.#state === CLOSED) return true;
    if (this.#state === OPEN) {
      if (!(nowMs > this.#times[OPEN_UNTIL]!)) return false;
      this.#halfOpen(nowMs);
    }
    if (this.#permits === 0) return false;
    this.#permits--;
    return true;
  }

  /** An admitted attempt ended after `durationMs`; for `isFailure` see `isBreakerFailure`. */
  settle(nowMs: number, durationMs: number, isFailure: boolean): void {
    this.#catchUp(nowMs);
    if (this.#state === OPEN) return;
    const isSlow = durationMs > this.#plan.slowCallDurationThresholdMs;
    if (this.#state === HALF_OPEN) this.#settleProbe(nowMs, isFailure, isSlow);
    else if (this.#lastCalls !== null) {
      const window = this.#lastCalls;
      window.record(isFailure, isSlow);
      if (window.calls >= this.#minimumCalls && this.#isAbove(window.calls, window.failures, window.slow))
        this.#open(nowMs);
    } else {
      const window = this.#lastSlices!;
      window.record(Math.floor(nowMs / this.#sliceMs), isFailure, isSlow);
      if (window.calls >= this.#minimumCalls && this.#isAbove(window.calls, window.failures, window.slow))
        this.#open(nowMs);
    }
  }

  /** An admitted attempt was cancelled: its permit goes back and nothing is recorded. */
  release(nowMs: number): void {
    this.#catchUp(nowMs);
    if (this.#state === HALF_OPEN) this.#permits++;
  }

  /** Lazily left: an open breaker whose wait is over is still open until a call comes. */
  state(nowMs: number): BreakerState {
    this.#catchUp(nowMs);
    return this.#state;
  }

  /** When the state changes though nothing happens; Infinity = never. */
  nextWakeup(): number {
    return this.#times[DUE]!;
  }

  /** `dueMs` as `nextWakeup` gave it; one that is no longer due does nothing. */
  wake(dueMs: number): void {
    this.#catchUp(dueMs);
  }

  /** A change that is due by now comes first, whether or not its wake-up was delivered yet. */
  #catchUp(nowMs: number): void {
    while (this.#times[DUE]! <= nowMs) {
      const dueMs = this.#times[DUE]!;
      if (this.#state === OPEN) this.#halfOpen(dueMs);
      else this.#open(dueMs);
    }
  }

  #settleProbe(nowMs: number, isFailure: boolean, isSlow: boolean): void {
    const probes = this.#probes;
    probes.record(isFailure, isSlow);
    if (probes.calls < this.#minimumProbes) return;
    if (this.#isAbove(probes.calls, probes.failures, probes.slow)) this.#open(nowMs);
    else this.#close();
  }

  #isAbove(calls: number, failures: number, slow: number): boolean {
    return failures / calls >= this.#plan.failureRateThreshold || slow / calls >= this.#plan.slowCallRateThreshold;
  }

  #open(nowMs: number): void {
    this.#state = OPEN;
    const untilMs = nowMs + this.#plan.waitDurationInOpenStateMs;
    this.#times[OPEN_UNTIL] = untilMs;
    this.#times[DUE] = this.#plan.automaticTransitionFromOpenToHalfOpen ? untilMs : Infinity;
  }

  #halfOpen(nowMs: number): void {
    this.#state = HALF_OPEN;
    this.#probes.clear();
    this.#permits = this.#plan.permittedNumberOfCallsInHalfOpenState;
    const maxWaitMs = this.#plan.maxWaitDurationInHalfOpenStateMs;
    this.#times[DUE] = maxWaitMs > 0 ? nowMs + maxWaitMs : Infinity;
  }

  #close(): void {
    this.#state = CLOSED;
    this.#times[DUE] = Infinity;
    this.#lastCalls?.clear();
    this.#lastSlices?.clear();
  }
}

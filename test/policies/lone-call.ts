// One call machine without a fleet: a test begins calls, lets time pass and answers attempts by hand.
import type { BackoffPlan, CallPlan, CircuitBreakerPlan, RetryPlan } from "../../harness/model/call-plan.ts";
import { CAUSES, OK } from "../../harness/model/outcome.ts";
import { CallMachine } from "../../harness/policies/call.ts";
import type { CallMeter } from "../../harness/policies/call-meter.ts";
import {
  ABANDON,
  CallTable,
  DECIDED,
  FINISHED,
  FREE,
  IN_FLIGHT,
  LEFT,
  SEND,
} from "../../harness/policies/call-table.ts";
import { Stickiness } from "../../harness/policies/stickiness.ts";

/** Service index of the callee and of the caller. */
export const CALLEE = 8;
export const OWN = 3;

export function callPlan(changes: Partial<CallPlan> = {}): CallPlan {
  return {
    edge: 0,
    callee: CALLEE,
    operations: [0],
    timeoutMs: null,
    attemptTimeoutMs: null,
    retry: null,
    circuitBreaker: null,
    loadBalancer: { policy: "roundRobin", choiceCount: 2 },
    ...changes,
  };
}

/** Retries without a back-off. */
export const atOnce = (maxAttempts: number, changes: Partial<RetryPlan> = {}): RetryPlan => ({
  maxAttempts,
  retryOn: ["error", "timeout", "overload", "connection"],
  backoff: null,
  budget: null,
  ...changes,
});

/** Exponential delays without jitter. */
export const backoff = (initialMs: number): BackoffPlan => ({
  initialMs,
  maxMs: 10_000,
  multiplier: 2,
  jitter: "none",
  proportion: 0,
});

/** Opens after two failures. */
export const breaker = (changes: Partial<CircuitBreakerPlan> = {}): CircuitBreakerPlan => ({
  failureRateThreshold: 0.5,
  slowCallRateThreshold: 1,
  slowCallDurationThresholdMs: 60_000,
  slidingWindow: { type: "count", size: 10 },
  minimumNumberOfCalls: 2,
  waitDurationInOpenStateMs: 1000,
  permittedNumberOfCallsInHalfOpenState: 2,
  maxWaitDurationInHalfOpenStateMs: 0,
  automaticTransitionFromOpenToHalfOpen: false,
  ...changes,
});

class Counts implements CallMeter {
  began = 0;
  sent = 0;
  denied = 0;
  hedges = 0;
  refused = 0;
  waitedMs = 0;
  throttledShare = 0;
  /** Attempts and calls ended, by cause. */
  readonly attempts: Record<string, number> = {};
  readonly calls: Record<string, number> = {};

  callBegan(): void {
    this.began++;
  }
  attemptSent(): void {
    this.sent++;
  }
  attemptEnded(cause: number): void {
    const name = CAUSES[cause]!;
    this.attempts[name] = (this.attempts[name] ?? 0) + 1;
  }
  attemptRefused(cause: number): void {
    this.attemptEnded(cause);
    this.refused++;
  }
  callEnded(cause: number): void {
    const name = CAUSES[cause]!;
    this.calls[name] = (this.calls[name] ?? 0) + 1;
  }
  retryDenied(): void {
    this.denied++;
  }
  hedgeSent(): void {
    this.hedges++;
  }
  waited(ms: number): void {
    this.waitedMs += ms;
  }
  throttled(share: number): void {
    this.throttledShare = share;
  }
}

export interface Sent {
  readonly slot: number;
  readonly serial: number;
  readonly atMs: number;
  readonly target: number;
  readonly deadlineMs: number;
  readonly key: readonly [number, number];
}

export interface Finished {
  readonly slot: number;
  readonly atMs: number;
  /** Name of the cause. */
  readonly cause: string;
  readonly origin: readonly [service: number, cause: string];
  readonly isDegraded: boolean;
  readonly slow: readonly [service: number, ownUs: number];
}

export interface Begin {
  readonly key?: number;
  readonly ownDeadlineMs?: number;
  readonly boundMs?: number;
}

export class LoneCall {
  readonly table = new CallTable();
  readonly machine: CallMachine;
  readonly counts = new Counts();
  nowMs = 0;
  readonly sent: Sent[] = [];
  /** `[slot, serial, target, when]` of each attempt that a callee was told to forget. */
  readonly abandoned: (readonly [slot: number, serial: number, target: number, atMs: number])[] = [];
  readonly finished: Finished[] = [];
  /** Times at which the machine was woken. */
  readonly wakes: number[] = [];

  /** `instances` endpoints there are, with these ids. */
  constructor(plan: CallPlan, instances: readonly number[] = [50], ownService = OWN) {
    this.machine = new CallMachine(plan, this.table, this.counts, {
      seed: 1,
      callee: 1,
      caller: 1,
      ownService,
      zone: -1,
      sticky: plan.sticky === undefined ? null : new Stickiness(),
    });
    this.route(instances);
  }

  route(instances: readonly number[]): void {
    this.machine.route(
      instances.map((id) => ({ id, generation: 0, variant: 0 })),
      null,
    );
  }

  begin({ key = 0, ownDeadlineMs = Infinity, boundMs = Infinity }: Begin = {}): number {
    const { table } = this;
    const slot = table.allocate();
    table.callHigh[slot] = key;
    table.callLow[slot] = 0;
    table.user[slot] = key;
    table.ownDeadlineMs[slot] = ownDeadlineMs;
    this.machine.begin(this.nowMs, slot, boundMs);
    this.#drain();
    return slot;
  }

  /** Lets time pass to `toMs`, with everything that is due until then. */
  pass(toMs: number): void {
    for (let dueMs = this.machine.nextWakeup(); dueMs <= toMs; dueMs = this.machine.nextWakeup()) {
      if (this.wakes.length > 100_000) throw new Error(`the machine spins at ${dueMs}`);
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.wakes.push(dueMs);
      this.machine.wake(dueMs, this.nowMs);
      this.#drain();
    }
    this.nowMs = toMs;
  }

  /** The answer to the attempt that was sent `nth` (the last one by default); one that is too late is ignored. */
  answer(cause: number = OK, nth = this.sent.length - 1, from: { service?: number; cause?: number } = {}): void {
    const { slot, serial } = this.sent[nth]!;
    if (this.table.serial[slot] !== serial || this.table.state[slot] !== IN_FLIGHT) return;
    const { service = CALLEE, cause: originCause = cause } = from;
    this.machine.answered(this.nowMs, slot, cause, false, service, originCause, CALLEE, 1234);
    this.#drain();
  }

  cancel(slot: number): void {
    this.machine.cancel(this.nowMs, slot);
    this.table.free(slot);
    this.#drain();
  }

  /** Slots that are not free. */
  get held(): number {
    return this.table.state.reduce((sum, state) => sum + (state === FREE ? 0 : 1), 0);
  }

  #drain(): void {
    const { table } = this;
    for (let output = table.take(); output >= 0; output = table.take()) {
      const slot = output >> 2;
      const kind = output & 3;
      if (kind === SEND) {
        if (table.departure[slot] === DECIDED) this.#send(slot);
      } else if (kind === ABANDON)
        this.abandoned.push([slot, table.abandonedSerial[slot]!, table.abandonedTarget[slot]!, this.nowMs]);
      else if (table.state[slot] === FINISHED) this.#finish(slot);
    }
  }

  #send(slot: number): void {
    const { table } = this;
    table.departure[slot] = LEFT;
    this.sent.push({
      slot,
      serial: table.serial[slot]!,
      atMs: this.nowMs,
      target: table.target[slot]!,
      deadlineMs: table.deadlineMs[slot]!,
      key: [table.keyHigh[slot]!, table.keyLow[slot]!],
    });
  }

  #finish(slot: number): void {
    const { table } = this;
    this.finished.push({
      slot,
      atMs: this.nowMs,
      cause: CAUSES[table.cause[slot]!]!,
      origin: [table.originService[slot]!, CAUSES[table.originCause[slot]!]!],
      isDegraded: table.isDegraded[slot] === 1,
      slow: [table.slowService[slot]!, table.slowOwnUs[slot]!],
    });
    table.free(slot);
  }
}

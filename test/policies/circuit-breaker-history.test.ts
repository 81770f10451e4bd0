// The breaker against its definition, written out with every call in a list.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CircuitBreakerPlan } from "../../harness/model/call-plan.ts";
import { CircuitBreaker } from "../../harness/policies/circuit-breaker.ts";

describe("any history of a circuit breaker", () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 700 }),
    do: fc.constantFrom("acquire", "acquire", "ok", "fail", "slow", "release"),
  });
  const anyPlan = fc.record({
    slowCallDurationThresholdMs: fc.constant(1000),
    failureRateThreshold: fc.constantFrom(0.2, 0.3, 0.5, 1),
    slowCallRateThreshold: fc.constantFrom(0.25, 1),
    slidingWindow: fc.constantFrom({ type: "count" as const, size: 5 }, { type: "time" as const, sizeMs: 2000 }),
    minimumNumberOfCalls: fc.integer({ min: 1, max: 7 }),
    waitDurationInOpenStateMs: fc.constantFrom(100, 1500),
    permittedNumberOfCallsInHalfOpenState: fc.integer({ min: 1, max: 4 }),
    maxWaitDurationInHalfOpenStateMs: fc.constantFrom(0, 900),
    automaticTransitionFromOpenToHalfOpen: fc.boolean(),
  });

  it("is that of a breaker which keeps every call in a list", () => {
    fc.assert(
      fc.property(anyPlan, fc.array(step, { maxLength: 120 }), fc.boolean(), (changes, steps, isWoken) => {
        const breaker = new CircuitBreaker(changes);
        const slow = new SlowBreaker(changes);
        let nowMs = 0;
        for (const { afterMs, do: action } of steps) {
          nowMs += afterMs;
          if (isWoken) while (breaker.nextWakeup() <= nowMs) breaker.wake(breaker.nextWakeup());
          if (action === "acquire") expect(breaker.tryAcquire(nowMs)).toBe(slow.tryAcquire(nowMs));
          else if (action === "release") {
            breaker.release(nowMs);
            slow.release(nowMs);
          } else {
            const durationMs = action === "slow" ? 1001 : 10;
            breaker.settle(nowMs, durationMs, action === "fail");
            slow.settle(nowMs, durationMs > 1000, action === "fail");
          }
          expect(breaker.state(nowMs)).toBe(slow.state(nowMs));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The definition, written out: every call of a state is kept, rates are counted anew, timers are looked up. */
class SlowBreaker {
  readonly #plan: CircuitBreakerPlan;
  #state:
    | { name: "closed" }
    | { name: "open"; sinceMs: number }
    | { name: "half-open"; sinceMs: number; permits: number } = {
    name: "closed",
  };
  #calls: { atMs: number; isSlow: boolean; isFailure: boolean }[] = [];

  constructor(plan: CircuitBreakerPlan) {
    this.#plan = plan;
  }

  tryAcquire(nowMs: number): boolean {
    this.#elapse(nowMs);
    if (this.#state.name === "open" && nowMs > this.#state.sinceMs + this.#plan.waitDurationInOpenStateMs)
      this.#probe(nowMs);
    if (this.#state.name !== "half-open") return this.#state.name === "closed";
    return this.#state.permits > 0 && this.#state.permits-- > 0;
  }

  settle(nowMs: number, isSlow: boolean, isFailure: boolean): void {
    this.#elapse(nowMs);
    if (this.#state.name === "open") return;
    this.#calls.push({ atMs: nowMs, isSlow, isFailure });
    const { seen, least } = this.#judged(nowMs);
    if (seen.length < least) return;
    const rateOf = (count: number) => count / seen.length;
    const isAbove =
      rateOf(seen.filter((call) => call.isFailure).length) >= this.#plan.failureRateThreshold ||
      rateOf(seen.filter((call) => call.isSlow).length) >= this.#plan.slowCallRateThreshold;
    if (isAbove) this.#state = { name: "open", sinceMs: nowMs };
    else if (this.#state.name === "half-open") {
      this.#state = { name: "closed" };
      this.#calls = [];
    }
  }

  release(nowMs: number): void {
    this.#elapse(nowMs);
    if (this.#state.name === "half-open") this.#state.permits++;
  }

  state(nowMs: number): number {
    this.#elapse(nowMs);
    return ["closed", "open", "half-open"].indexOf(this.#state.name);
  }

  #judged(nowMs: number) {
    const { slidingWindow, minimumNumberOfCalls, permittedNumberOfCallsInHalfOpenState: probes } = this.#plan;
    if (this.#state.name === "half-open")
      return { seen: this.#calls.slice(-probes), least: Math.min(minimumNumberOfCalls, probes) };
    if (slidingWindow.type === "count")
      return {
        seen: this.#calls.slice(-slidingWindow.size),
        least: Math.min(minimumNumberOfCalls, slidingWindow.size),
      };
    const sliceMs = slidingWindow.sizeMs / 10;
    const oldest = Math.floor(nowMs / sliceMs) - 9;
    const seen = this.#calls.filter((call) => Math.floor(call.atMs / sliceMs) >= oldest);
    return { seen, least: minimumNumberOfCalls };
  }

  #probe(nowMs: number): void {
    const permits = this.#plan.permittedNumberOfCallsInHalfOpenState;
    this.#state = { name: "half-open", sinceMs: nowMs, permits };
    this.#calls = [];
  }

  #elapse(nowMs: number): void {
    for (;;) {
      const { automaticTransitionFromOpenToHalfOpen: isAutomatic, maxWaitDurationInHalfOpenStateMs: maxMs } =
        this.#plan;
      if (this.#state.name === "open") {
        const dueMs = this.#state.sinceMs + this.#plan.waitDurationInOpenStateMs;
        if (!isAutomatic || dueMs > nowMs) return;
        this.#probe(dueMs);
      } else if (this.#state.name === "half-open") {
        const dueMs = this.#state.sinceMs + maxMs;
        if (maxMs === 0 || dueMs > nowMs) return;
        this.#state = { name: "open", sinceMs: dueMs };
      } else return;
    }
  }
}

import { describe, expect, it } from "vitest";
import type { CircuitBreakerPlan } from "../../harness/model/call-plan.ts";
import { CAUSES } from "../../harness/model/outcome.ts";
import {
  CircuitBreaker,
  circuitBreakerSchema,
  CLOSED,
  HALF_OPEN,
  isBreakerFailure,
  OPEN,
} from "../../harness/policies/circuit-breaker.ts";
import { atPace } from "../../harness/schema/at-pace.ts";

function plan(changes: Partial<CircuitBreakerPlan> = {}): CircuitBreakerPlan {
  return {
    failureRateThreshold: 0.5,
    slowCallRateThreshold: 1,
    slowCallDurationThresholdMs: 1000,
    slidingWindow: { type: "count", size: 10 },
    minimumNumberOfCalls: 4,
    waitDurationInOpenStateMs: 5000,
    permittedNumberOfCallsInHalfOpenState: 3,
    maxWaitDurationInHalfOpenStateMs: 0,
    automaticTransitionFromOpenToHalfOpen: false,
    ...changes,
  };
}

/** Settles one attempt per letter: `.` succeeded, `x` failed, `s` succeeded slowly. */
function settle(breaker: CircuitBreaker, nowMs: number, outcomes: string): void {
  for (const outcome of outcomes) breaker.settle(nowMs, outcome === "s" ? 1001 : 1000, outcome === "x");
}

/** A breaker that opened at 0. */
function opened(changes: Partial<CircuitBreakerPlan> = {}): CircuitBreaker {
  const breaker = new CircuitBreaker(plan(changes));
  settle(breaker, 0, "xxxx");
  return breaker;
}

/** One that let its first probe through just after its wait, at 5001. */
function probing(changes: Partial<CircuitBreakerPlan> = {}): CircuitBreaker {
  const breaker = opened(changes);
  expect(breaker.tryAcquire(5001)).toBe(true);
  return breaker;
}

describe("closed breaker", () => {
  it("judges nothing below the minimum number of calls", () => {
    const breaker = new CircuitBreaker(plan());
    settle(breaker, 0, "xxx");
    expect(breaker.state(0)).toBe(CLOSED);
    settle(breaker, 0, "x");
    expect(breaker.state(0)).toBe(OPEN);
  });

  it("opens at the threshold, not above it", () => {
    const below = new CircuitBreaker(plan());
    settle(below, 0, "..x.x");
    expect(below.state(0)).toBe(CLOSED);
    const at = new CircuitBreaker(plan());
    settle(at, 0, "..xx");
    expect(at.state(0)).toBe(OPEN);
  });

  it("caps the minimum at the size of a count window", () => {
    const breaker = new CircuitBreaker(plan({ slidingWindow: { type: "count", size: 2 }, minimumNumberOfCalls: 100 }));
    settle(breaker, 0, "xx");
    expect(breaker.state(0)).toBe(OPEN);
  });

  it("forgets the calls that left the count window", () => {
    const breaker = new CircuitBreaker(plan({ slidingWindow: { type: "count", size: 4 } }));
    settle(breaker, 0, "x...x...x...x");
    expect(breaker.state(0)).toBe(CLOSED);
    settle(breaker, 0, "x");
    expect(breaker.state(0)).toBe(OPEN);
  });

  it("counts a call as slow only above the threshold, and opens on slow successes", () => {
    const breaker = new CircuitBreaker(plan({ slowCallRateThreshold: 0.5 }));
    settle(breaker, 0, "....");
    expect(breaker.state(0)).toBe(CLOSED);
    settle(breaker, 0, "ssss");
    expect(breaker.state(0)).toBe(OPEN);
  });

  it("forgets the calls that left the time window, a slice at a time", () => {
    const breaker = new CircuitBreaker(plan({ slidingWindow: { type: "time", sizeMs: 10_000 } }));
    settle(breaker, 500, "xxx");
    settle(breaker, 10_000, "....");
    expect(breaker.state(10_000)).toBe(CLOSED);
    settle(breaker, 10_000, "xx");
    expect(breaker.state(10_000)).toBe(CLOSED);
    settle(breaker, 10_000, "xx");
    expect(breaker.state(10_000)).toBe(OPEN);
  });

  it("keeps a call for the whole time window", () => {
    const breaker = new CircuitBreaker(plan({ slidingWindow: { type: "time", sizeMs: 10_000 } }));
    settle(breaker, 500, "xxx");
    settle(breaker, 9999, "x");
    expect(breaker.state(9999)).toBe(OPEN);
  });

  it("does not count a released attempt", () => {
    const breaker = new CircuitBreaker(plan());
    settle(breaker, 0, "xxx");
    breaker.tryAcquire(0);
    breaker.release(0);
    expect(breaker.state(0)).toBe(CLOSED);
  });
});

describe("open breaker", () => {
  it("refuses until the wait is over, the last moment included", () => {
    const breaker = opened();
    expect(breaker.tryAcquire(1)).toBe(false);
    expect(breaker.tryAcquire(5000)).toBe(false);
    expect(breaker.state(9999)).toBe(OPEN);
    expect(breaker.tryAcquire(9999)).toBe(true);
    expect(breaker.state(9999)).toBe(HALF_OPEN);
  });

  it("ignores results that come late", () => {
    const breaker = opened();
    settle(breaker, 10, "xxxx....");
    expect(breaker.state(10)).toBe(OPEN);
    expect(breaker.tryAcquire(5000)).toBe(false);
    expect(breaker.tryAcquire(5001)).toBe(true);
  });

  it("leaves by itself only where that is asked for", () => {
    expect(opened().nextWakeup()).toBe(Infinity);
    const breaker = opened({ automaticTransitionFromOpenToHalfOpen: true });
    expect(breaker.nextWakeup()).toBe(5000);
    breaker.wake(5000);
    expect(breaker.state(5000)).toBe(HALF_OPEN);
    expect(breaker.nextWakeup()).toBe(Infinity);
    expect(breaker.tryAcquire(5000)).toBe(true);
  });

  it("decides alike whether a wake-up comes in time or late", () => {
    const breaker = opened({ automaticTransitionFromOpenToHalfOpen: true });
    expect(breaker.tryAcquire(5000)).toBe(true);
    breaker.wake(5000);
    expect(breaker.state(5000)).toBe(HALF_OPEN);
  });
});

describe("half-open breaker", () => {
  it("lets so many probes through and refuses the rest", () => {
    const breaker = probing();
    expect([1, 2, 3].map(() => breaker.tryAcquire(5002))).toEqual([true, true, false]);
  });

  it("decides only when all probes have finished", () => {
    const breaker = probing();
    settle(breaker, 5010, "xx");
    expect(breaker.state(5010)).toBe(HALF_OPEN);
    settle(breaker, 5010, ".");
    expect(breaker.state(5010)).toBe(OPEN);
    expect(breaker.tryAcquire(10_010)).toBe(false);
    expect(breaker.tryAcquire(10_011)).toBe(true);
  });

  it("closes on good probes, with a clean window", () => {
    const breaker = probing();
    settle(breaker, 5010, "x..");
    expect(breaker.state(5010)).toBe(CLOSED);
    settle(breaker, 5011, "xxx");
    expect(breaker.state(5011)).toBe(CLOSED);
    settle(breaker, 5012, "x");
    expect(breaker.state(5012)).toBe(OPEN);
  });

  it("opens again on slow probes", () => {
    const breaker = probing();
    settle(breaker, 7000, "sss");
    expect(breaker.state(7000)).toBe(OPEN);
  });

  it("judges fewer probes where fewer calls suffice, as Resilience4j's window does", () => {
    const breaker = probing({ minimumNumberOfCalls: 2 });
    settle(breaker, 5010, "..");
    expect(breaker.state(5010)).toBe(CLOSED);
  });

  it("takes the permit of a cancelled probe back", () => {
    const breaker = probing();
    expect([1, 2, 3].map(() => breaker.tryAcquire(5002))).toEqual([true, true, false]);
    breaker.release(5003);
    expect([1, 2].map(() => breaker.tryAcquire(5004))).toEqual([true, false]);
  });

  it("counts a result from before it opened, as Resilience4j does", () => {
    const breaker = probing();
    settle(breaker, 5010, "...");
    expect(breaker.state(5010)).toBe(CLOSED);
  });

  it("waits for its probes for ever, or opens again after the longest wait", () => {
    expect(probing().nextWakeup()).toBe(Infinity);
    const breaker = probing({ maxWaitDurationInHalfOpenStateMs: 2000 });
    expect(breaker.nextWakeup()).toBe(7001);
    breaker.wake(7001);
    expect(breaker.state(7001)).toBe(OPEN);
    expect(breaker.nextWakeup()).toBe(Infinity);
    expect(breaker.tryAcquire(12_001)).toBe(false);
    expect(breaker.tryAcquire(12_002)).toBe(true);
  });

  it("withdraws the longest wait once it has decided", () => {
    const breaker = probing({ maxWaitDurationInHalfOpenStateMs: 2000 });
    settle(breaker, 6000, "...");
    expect(breaker.nextWakeup()).toBe(Infinity);
    breaker.wake(7001);
    expect(breaker.state(7001)).toBe(CLOSED);
  });
});

describe("what counts", () => {
  it("is a failure by these causes", () => {
    expect(CAUSES.filter((_, cause) => isBreakerFailure(cause))).toEqual([
      "error",
      "timeout",
      "rejected(overload)",
      "rejected(rateLimit)",
      "shed",
      "bulkheadFull",
      "noHealthyHost",
      "connectionReset",
      "refused",
    ]);
  });
});

describe("schema", () => {
  it("has the documented defaults, waits at the pace of the run and durations of requests at their own", () => {
    expect(atPace(circuitBreakerSchema.parse({}), 10)).toEqual({
      failureRateThreshold: 0.5,
      slowCallRateThreshold: 1,
      slowCallDurationThresholdMs: 60_000,
      slidingWindow: { type: "count", size: 100 },
      minimumNumberOfCalls: 20,
      waitDurationInOpenStateMs: 500,
      permittedNumberOfCallsInHalfOpenState: 10,
      maxWaitDurationInHalfOpenStateMs: 0,
      automaticTransitionFromOpenToHalfOpen: false,
    });
  });

  it("reads a window of time", () => {
    const read = atPace(circuitBreakerSchema.parse({ slidingWindow: { type: "time", size: "30s" } }), 10);
    expect(read.slidingWindow).toEqual({ type: "time", sizeMs: 3000 });
  });

  it("refuses a threshold of 0, which a success would reach", () => {
    expect(circuitBreakerSchema.safeParse({ failureRateThreshold: 0 }).error?.issues[0]?.path).toEqual([
      "failureRateThreshold",
    ]);
  });
});

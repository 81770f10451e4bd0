// Envoy's gradient controller: what its own tests (gradient_controller_test.cc) tell it, and what they expect.
import { describe, expect, it } from "vitest";
import type { EnvoyGradientPlan } from "../../harness/model/admission-plan.ts";
import { EnvoyGradient } from "../../harness/service/envoy-gradient.ts";

const DEFAULTS: EnvoyGradientPlan = {
  algorithm: "envoyGradient",
  minLimit: 3,
  maxLimit: 1000,
  updateIntervalMs: 100,
  percentile: 0.5,
  minRttIntervalMs: 30_000,
  minRttRequests: 5,
  minRttJitter: 0,
  buffer: 0.25,
};

class Controller {
  readonly machine: EnvoyGradient;
  nowMs = 0;

  constructor(changes: Partial<EnvoyGradientPlan>, key = 1) {
    this.machine = new EnvoyGradient({ ...DEFAULTS, ...changes }, key, 0);
  }

  get limit(): number {
    return this.machine.limit;
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let dueMs = this.machine.nextChange(); dueMs <= untilMs; dueMs = this.machine.nextChange())
      this.machine.change(dueMs);
    this.nowMs = untilMs;
  }

  /** Requests that began so long ago end now. */
  end(count: number, latencyMs: number): void {
    for (let i = 0; i < count; i++) this.machine.sample(this.nowMs, this.nowMs - latencyMs);
  }

  /** A window of five requests of this latency. */
  window(latencyMs: number): number {
    this.pass(20);
    this.end(5, latencyMs);
    this.pass(81);
    return this.limit;
  }

  /** As Envoy's advancePastMinRTTStage. */
  measure(latencyMs: number, count = 6): void {
    this.pass(latencyMs);
    this.end(count, latencyMs);
  }
}

describe("Envoy's gradient controller", () => {
  it("lets only a few in until it has measured a request at rest (MinRTTLogicTest)", () => {
    const controller = new Controller({ minRttRequests: 50, minLimit: 7 });
    controller.pass(13);
    controller.end(49, 13);
    controller.pass(500);
    expect(controller.limit).toBe(7);
    controller.end(1, 13);
    controller.end(5, 13);
    controller.pass(101);
    // 7 × min(2, 1.25) = 8.75, and its square root: 11.7.
    expect(controller.limit).toBe(11);
  });

  it("disregards what began before the measurement (MinRTTEpoch)", () => {
    const controller = new Controller({ minRttRequests: 25, minLimit: 2, buffer: 0 });
    controller.measure(1350, 25);
    const limits = Array.from({ length: 20 }, () => controller.window(50));
    expect(limits.at(-1)).toBe(1000);
    controller.pass(30_000);
    expect(controller.limit).toBe(2);
    controller.end(26, 300_000);
    controller.pass(200);
    expect(controller.limit).toBe(2);
  });

  it("takes the percentile of what it has seen (CancelLatencySample)", () => {
    const controller = new Controller({ buffer: 0 });
    controller.pass(10);
    for (const latencyMs of [5, 1, 4, 2, 3]) controller.end(1, latencyMs);
    // 3 ms at rest: windows of 3 ms have the gradient 1, and only the burst of √3 is added; of 6 ms, a half.
    expect(controller.window(3)).toBe(4);
    expect(controller.window(6)).toBe(3);
  });

  it("does not shrink for what the buffer bears (MinRTTBufferTest)", () => {
    const controller = new Controller({ buffer: 0.5 });
    controller.measure(5);
    let last = controller.limit;
    for (let i = 0; i < 10; i++) {
      const limit = controller.window(6);
      expect(limit).toBeGreaterThan(last);
      last = limit;
    }
  });

  it("grows at most twofold and a burst, and shrinks to the least (ConcurrencyLimitBehaviorTestBasic)", () => {
    const controller = new Controller({ buffer: 0.1, minLimit: 7 });
    controller.measure(5);
    const up = Array.from({ length: 5 }, () => controller.window(1));
    const twice = (limit: number): number => Math.floor(2 * limit + Math.sqrt(2 * limit));
    expect(up).toEqual([17, 39, 86, 185, 389]);
    expect(up.slice(1)).toEqual(up.slice(0, -1).map(twice));
    let last = controller.limit;
    for (let i = 0; i < 10; i++) {
      const limit = controller.window(11);
      expect(limit).toBeLessThanOrEqual(Math.max(7, Math.floor(last / 2 + Math.sqrt(last / 2))));
      last = limit;
    }
    expect(last).toBe(7);
  });

  it("measures again after the interval, and goes back to the limit that it had (MinRTTReturnToPreviousLimit)", () => {
    const controller = new Controller({});
    controller.measure(5);
    controller.pass(1000);
    for (let i = 0; i < 5; i++) controller.window(4);
    const before = controller.limit;
    expect(before).toBeGreaterThan(50);
    controller.pass(31_000);
    expect(controller.limit).toBe(3);
    // No window counts while it measures (MinRTTRescheduleTest).
    controller.pass(1000);
    controller.end(4, 13);
    controller.pass(101);
    expect(controller.limit).toBe(3);
    controller.end(1, 13);
    expect(controller.limit).toBe(before);
  });

  it("stays where it is while nothing ends (NoSamplesTest)", () => {
    const controller = new Controller({});
    controller.measure(5);
    for (let i = 0; i < 5; i++) controller.window(4);
    const { limit } = controller;
    controller.pass(1000);
    expect(controller.limit).toBe(limit);
  });

  it("measures again when five windows in a row were at the least (ConsecutiveMinConcurrencyReset)", () => {
    const controller = new Controller({ minRttIntervalMs: 3_600_000, buffer: 0, minLimit: 7 });
    controller.measure(5);
    const limits = Array.from({ length: 5 }, () => controller.window(20));
    expect(limits).toEqual([7, 7, 7, 7, 7]);
    // It is measuring: 20 ms are the new rest, and windows of 20 ms let it grow.
    controller.pass(100);
    controller.end(5, 20);
    expect(controller.window(20)).toBe(9);
  });

  it("measures again up to the jitter later, each instance at its own time (TimerAccuracyTest)", () => {
    const begins = Array.from({ length: 200 }, (_, key) => {
      const controller = new Controller({ minRttIntervalMs: 100_000, minRttJitter: 0.1, minLimit: 7 }, key);
      controller.pass(5);
      controller.end(5, 5);
      controller.window(1);
      for (; controller.limit > 7;) controller.pass(10);
      return controller.nowMs;
    });
    expect(Math.min(...begins)).toBeGreaterThanOrEqual(100_005);
    expect(Math.max(...begins)).toBeLessThanOrEqual(110_015);
    expect(new Set(begins).size).toBeGreaterThan(100);
  });
});

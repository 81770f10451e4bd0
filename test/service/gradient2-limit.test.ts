// Netflix's Gradient2Limit and its long average: the library's own sequence, a computed one, and the definition written
// out over generated histories.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Gradient2LimitPlan } from "../../harness/model/admission-plan.ts";
import { ExponentialAverage } from "../../harness/service/exponential-average.ts";
import { Gradient2Limit } from "../../harness/service/gradient2-limit.ts";

const DEFAULTS: Gradient2LimitPlan = {
  algorithm: "gradient2",
  initialLimit: 20,
  minLimit: 20,
  maxLimit: 200,
  smoothing: 0.2,
  queueSize: 4,
  rttTolerance: 1.5,
  longWindow: 600,
};

describe("the long average", () => {
  // Source: concurrency-limits, ExpAvgMeasurementTest.
  it("is the plain mean of the first ten, and then fades", () => {
    const average = new ExponentialAverage(100, 10);
    const seen: number[] = [];
    for (let i = 0; i < 10; i++) {
      average.add(i + 10);
      seen.push(average.value);
    }
    expect(seen).toEqual([10, 10.5, 11, 11.5, 12, 12.5, 13, 13.5, 14, 14.5]);
    average.add(100);
    expect(average.value).toBeCloseTo(16.2, 1);
  });
});

describe("a limit by the gradient of latency", () => {
  it("grows by a fifth of the queue size with each sample while latencies are what they were", () => {
    const limit = new Gradient2Limit(DEFAULTS);
    const seen = Array.from({ length: 6 }, () => {
      limit.sample(10, 20);
      return limit.limit;
    });
    expect(seen).toEqual([20, 21, 22, 23, 24, 24]);
  });

  it("shrinks by at most a tenth with a sample, however slow", () => {
    const limit = new Gradient2Limit({ ...DEFAULTS, initialLimit: 100 });
    for (let i = 0; i < 10; i++) limit.sample(10, 1);
    limit.sample(10_000, 100);
    // gradient 0.5: 100 × 0.8 + (50 + 4) × 0.2.
    expect(limit.limit).toBe(90);
  });

  it("bears half as much again before it shrinks", () => {
    const limit = new Gradient2Limit({ ...DEFAULTS, initialLimit: 100, queueSize: 0, longWindow: 1e9 });
    for (let i = 0; i < 10; i++) limit.sample(10, 1);
    limit.sample(14.9, 100);
    expect(limit.limit).toBe(100);
    limit.sample(15.1, 100);
    expect(limit.limit).toBe(99);
  });

  it("is what the definition says, over any history", () => {
    const sample = fc.tuple(fc.constantFrom(1, 9, 10, 12, 20, 300), fc.nat(150));
    fc.assert(
      fc.property(
        fc.constantFrom(20, 60, 200),
        fc.constantFrom(1, 5, 600),
        fc.array(sample),
        (start, window, samples) => {
          const limit = new Gradient2Limit({ ...DEFAULTS, initialLimit: start, longWindow: window });
          let expected: number = start;
          let longMs = 0;
          samples.forEach(([rttMs, inFlight], index) => {
            limit.sample(rttMs, inFlight);
            if (index < 10) longMs = index === 0 ? rttMs : mean(samples.slice(0, index + 1).map(([ms]) => ms));
            else longMs += (rttMs - longMs) * (2 / (window + 1));
            // The average is not damped during its first ten: its sum is not, and replaces it.
            const seenMs = longMs;
            if (longMs > 2 * rttMs) longMs *= 0.95;
            if (inFlight >= expected / 2) {
              const gradient = Math.min(1, Math.max(0.5, (1.5 * seenMs) / rttMs));
              expected += 0.2 * (expected * gradient + 4 - expected);
              expected = Math.min(200, Math.max(20, expected));
            }
            expect(Math.abs(limit.limit - expected)).toBeLessThan(1 + 1e-6);
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each) / values.length;
}

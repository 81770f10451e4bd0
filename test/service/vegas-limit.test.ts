// Netflix's VegasLimit: its own tests' sequences, and the definition written out over generated histories.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VegasLimitPlan } from "../../harness/model/admission-plan.ts";
import { VegasLimit } from "../../harness/service/vegas-limit.ts";

const TEN: VegasLimitPlan = { algorithm: "vegas", initialLimit: 10, maxLimit: 20, smoothing: 1, probeMultiplier: 30 };

/** The limit after each of the samples: [ms, in flight, dropped?]. */
function limits(plan: Partial<VegasLimitPlan>, ...samples: [number, number, boolean?][]): number[] {
  const limit = new VegasLimit({ ...TEN, ...plan }, 1);
  return samples.map(([rttMs, inFlight, isDropped = false]) => {
    limit.sample(rttMs, inFlight, isDropped);
    return limit.limit;
  });
}

describe("a limit by the queue that it causes", () => {
  // Source: concurrency-limits, VegasLimitTest.
  it("goes through the library's own sequences", () => {
    const large = { initialLimit: 10_000, maxLimit: 20_000 };
    expect(limits(large, [10_000, 5000], [10_000, 6000])).toEqual([10_000, 10_024]);
    expect(limits({}, [10, 10], [10, 11])).toEqual([10, 16]);
    expect(limits({}, [10, 10], [50, 11])).toEqual([10, 9]);
    expect(limits({}, [10, 10], [14, 14])).toEqual([10, 10]);
  });

  it("shrinks by one after a drop, and does not grow where fewer than half of it was in flight", () => {
    expect(limits({}, [10, 10], [10, 1, true], [10, 4])).toEqual([10, 9, 9]);
  });

  it("takes a part of each new estimate where it is smoothed", () => {
    expect(limits({ smoothing: 0.5 }, [10, 10], [10, 10], [10, 13])).toEqual([10, 13, 16]);
  });

  it("measures a request at rest anew after half of 30 times the limit of samples, and at the latest after all", () => {
    for (let key = 0; key < 50; key++) {
      const limit = new VegasLimit({ ...TEN, initialLimit: 20, maxLimit: 40 }, key);
      limit.sample(10, 1, false);
      let samples = 1;
      // Few in flight: the limit stays, whatever is measured. Once 20 ms are the time at rest, they mean no queue.
      for (; samples < 299; samples++) limit.sample(20, 1, false);
      const before = new Probe(limit);
      for (; samples < 605; samples++) limit.sample(20, 1, false);
      const after = new Probe(limit);
      expect([before.direction, after.direction]).toEqual(["down", "up"]);
    }
  });

  it("is what the definition says, over any history", () => {
    const sample = fc.tuple(fc.constantFrom(5, 8, 10, 11, 14, 30), fc.nat(300), fc.boolean());
    fc.assert(
      fc.property(
        fc.constantFrom(1, 10, 99, 100, 250, 999, 1000),
        fc.constantFrom(0.2, 1),
        fc.array(sample),
        (initialLimit, smoothing, samples) => {
          const plan: VegasLimitPlan = { ...TEN, initialLimit, maxLimit: 1000, smoothing, probeMultiplier: 1e9 };
          const limit = new VegasLimit(plan, 7);
          let expected: number = initialLimit;
          let restMs = Infinity;
          for (const [rttMs, inFlight, isDropped] of samples) {
            limit.sample(rttMs, inFlight, isDropped);
            if (rttMs < restMs) restMs = rttMs;
            else {
              const lg = Math.max(1, String(Math.floor(expected)).length - 1);
              const queue = Math.ceil(expected * (1 - restMs / rttMs));
              const busy = inFlight * 2 >= expected;
              let wanted = expected;
              if (isDropped || (busy && queue > 6 * lg)) wanted -= lg;
              else if (busy && queue <= lg) wanted += 6 * lg;
              else if (busy && queue < 3 * lg) wanted += lg;
              wanted = Math.min(1000, Math.max(1, wanted));
              if (wanted !== expected) expected = (1 - smoothing) * expected + smoothing * wanted;
            }
            expect(limit.limit).toBe(Math.floor(expected));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** Which way one full sample of 20 ms moves a limit. */
class Probe {
  readonly direction: "up" | "down" | "nowhere";

  constructor(limit: VegasLimit) {
    const before = limit.limit;
    limit.sample(20, 1000, false);
    this.direction = limit.limit > before ? "up" : limit.limit < before ? "down" : "nowhere";
  }
}

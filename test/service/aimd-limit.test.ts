// Netflix's AIMDLimit: its own tests' sequences, and the definition written out over generated histories.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AimdLimitPlan } from "../../harness/model/admission-plan.ts";
import { AimdLimit } from "../../harness/service/aimd-limit.ts";

const DEFAULTS: AimdLimitPlan = {
  algorithm: "aimd",
  initialLimit: 20,
  minLimit: 20,
  maxLimit: 200,
  backoffRatio: 0.9,
  timeoutMs: 5000,
};

describe("a limit by additive increase and multiplicative decrease", () => {
  // Source: concurrency-limits, AIMDLimitTest.
  it("is 21 after a success at 20, and 27 after a drop at 30", () => {
    const limit = new AimdLimit(DEFAULTS);
    limit.sample(1, 10, false);
    expect(limit.limit).toBe(21);
    const higher = new AimdLimit({ ...DEFAULTS, initialLimit: 30 });
    higher.sample(0, 0, true);
    expect(higher.limit).toBe(27);
  });

  it("does not grow where fewer than half of it was in flight: it was not the limit that held the load back", () => {
    const limit = new AimdLimit({ ...DEFAULTS, initialLimit: 30 });
    limit.sample(1, 14, false);
    expect(limit.limit).toBe(30);
    limit.sample(1, 15, false);
    expect(limit.limit).toBe(31);
  });

  it("takes a request that is slower than the timeout for a drop", () => {
    const limit = new AimdLimit({ ...DEFAULTS, initialLimit: 30, timeoutMs: 100 });
    limit.sample(100, 30, false);
    expect(limit.limit).toBe(31);
    limit.sample(100.001, 30, false);
    expect(limit.limit).toBe(27);
  });

  it("stays between its bounds", () => {
    const limit = new AimdLimit({ ...DEFAULTS, initialLimit: 22, maxLimit: 23 });
    for (let i = 0; i < 5; i++) limit.sample(1, 100, false);
    expect(limit.limit).toBe(23);
    for (let i = 0; i < 5; i++) limit.sample(1, 100, true);
    expect(limit.limit).toBe(20);
  });

  it("is what the definition says, over any history", () => {
    const sample = fc.record({
      rttMs: fc.constantFrom(0, 1, 4999, 5000, 5001),
      inFlight: fc.nat(80),
      isDropped: fc.boolean(),
    });
    const bounds = fc
      .tuple(fc.integer({ min: 1, max: 30 }), fc.nat(30), fc.nat(30))
      .map(([min, up, further]) => ({ minLimit: min, initialLimit: min + up, maxLimit: min + up + further }));
    fc.assert(
      fc.property(bounds, fc.constantFrom(0.5, 0.75, 0.9, 0.99), fc.array(sample), (limits, backoffRatio, samples) => {
        const limit = new AimdLimit({ ...DEFAULTS, ...limits, backoffRatio });
        let expected = limits.initialLimit;
        for (const { rttMs, inFlight, isDropped } of samples) {
          limit.sample(rttMs, inFlight, isDropped);
          if (isDropped || rttMs > 5000) expected = Math.floor(expected * backoffRatio);
          else if (inFlight >= expected / 2) expected += 1;
          expected = Math.max(limits.minLimit, Math.min(limits.maxLimit, expected));
          expect(limit.limit).toBe(expected);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isExcess } from "../../harness/verdict/excess.ts";
import { wilson } from "../../harness/verdict/wilson.ts";

const well = { requests: 1000, bad: 0 };

describe("an excess over the control", () => {
  it("needs at least 5 bad requests more than the control's ratio explains", () => {
    expect(isExcess({ requests: 100, bad: 4 }, { requests: 1e9, bad: 0 }, null)).toBe(false);
    expect(isExcess({ requests: 100, bad: 5 }, { requests: 1e9, bad: 0 }, null)).toBe(true);
    expect(isExcess({ requests: 100, bad: 14 }, { requests: 1e9, bad: 1e8 }, null)).toBe(false);
  });

  it("needs at least half a percentage point", () => {
    expect(isExcess({ requests: 100_000, bad: 499 }, { requests: 1e9, bad: 0 }, null)).toBe(false);
    expect(isExcess({ requests: 100_000, bad: 500 }, { requests: 1e9, bad: 0 }, null)).toBe(true);
  });

  it("needs 3 pooled standard errors, and has enough with exactly 3", () => {
    // 96 of 1000 against 60: p = 0.078, 3 SE = 0.03598, difference 0.036. With 95: 3 SE = 0.03587, difference 0.035.
    const control = { requests: 1000, bad: 60 };
    expect(isExcess({ requests: 1000, bad: 95 }, control, null)).toBe(false);
    expect(isExcess({ requests: 1000, bad: 96 }, control, null)).toBe(true);
    // Requests 9 and 9, bad 6 and 0: p = 1/3, SE = √(2/9 × 2/9) = 2/9, difference 6/9 = exactly 3 SE.
    expect(isExcess({ requests: 9, bad: 6 }, { requests: 9, bad: 0 }, null)).toBe(true);
    expect(isExcess({ requests: 9, bad: 5.99 }, { requests: 9, bad: 0 }, null)).toBe(false);
  });

  it("is none within the objective's allowance", () => {
    expect(isExcess({ requests: 1000, bad: 50 }, well, 0.05)).toBe(false);
    expect(isExcess({ requests: 1000, bad: 51 }, well, 0.05)).toBe(true);
    expect(isExcess({ requests: 1000, bad: 50 }, well, null)).toBe(true);
  });

  it("counts against a control that had no such requests by the run's own error alone", () => {
    expect(isExcess({ requests: 10, bad: 10 }, { requests: 0, bad: 0 }, null)).toBe(true);
    expect(isExcess({ requests: 0, bad: 0 }, { requests: 0, bad: 0 }, null)).toBe(false);
  });

  const counts = fc
    .nat(10_000)
    .chain((requests) => fc.record({ requests: fc.constant(requests), bad: fc.nat(requests) }));

  it("is never found between a run and itself, nor where the run is better", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(isExcess(a, a, null)).toBe(false);
        expect(isExcess(a, b, null) && isExcess(b, a, null)).toBe(false);
      }),
    );
  });

  it("does not vanish when more goes wrong", () => {
    fc.assert(
      fc.property(counts, counts, fc.nat(1000), (run, control, more) => {
        const worse = { requests: run.requests, bad: Math.min(run.requests, run.bad + more) };
        expect(isExcess(run, control, null) && !isExcess(worse, control, null)).toBe(false);
      }),
    );
  });
});

describe("the interval of a share", () => {
  it("is Wilson's", () => {
    const [low, high] = wilson(48, 50);
    expect(low).toBeCloseTo(0.8654, 3);
    expect(high).toBeCloseTo(0.989, 3);
    expect(wilson(50, 50)[1]).toBe(1);
    expect(wilson(0, 50)[0]).toBe(0);
    expect(wilson(50, 50)[0]).toBeCloseTo(0.9287, 3);
  });
});

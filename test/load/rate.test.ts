import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateAt, rateCorners } from "../../harness/load/rate.ts";

describe("rate corners", () => {
  it("are one for a rate that stays", () => {
    expect(rateCorners(300, [])).toEqual([{ atMs: 0, ratePerSecond: 300 }]);
  });

  it("hold the rate until a stage, ramp to it, and hold again", () => {
    const corners = rateCorners(300, [{ atMs: 600, overMs: 120, ratePerSecond: 400 }]);
    expect(corners).toEqual([
      { atMs: 0, ratePerSecond: 300 },
      { atMs: 600, ratePerSecond: 300 },
      { atMs: 720, ratePerSecond: 400 },
    ]);
    expect([0, 599, 660, 720, 9999].map((ms) => rateAt(corners, ms))).toEqual([300, 300, 350, 400, 400]);
  });

  it("step where a stage takes no time", () => {
    const corners = rateCorners(100, [{ atMs: 50, overMs: 0, ratePerSecond: 900 }]);
    expect(corners).toEqual([
      { atMs: 0, ratePerSecond: 100 },
      { atMs: 50, ratePerSecond: 100 },
      { atMs: 50, ratePerSecond: 900 },
    ]);
    expect([49, 50].map((ms) => rateAt(corners, ms))).toEqual([100, 900]);
  });

  it("cut off a stage that is still moving when the next begins", () => {
    const corners = rateCorners(0, [
      { atMs: 0, overMs: 100, ratePerSecond: 100 },
      { atMs: 50, overMs: 50, ratePerSecond: 0 },
    ]);
    expect([0, 25, 50, 75, 100, 200].map((ms) => rateAt(corners, ms))).toEqual([0, 25, 50, 25, 0, 0]);
  });

  it("are in order of time and end at the last stage's rate", () => {
    const stage = fc.record({ afterMs: fc.nat(100), overMs: fc.nat(200), ratePerSecond: fc.nat(50) });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 8 }), (drawn) => {
        let atMs = 0;
        const stages = drawn.map(({ afterMs, ...rest }) => ({ ...rest, atMs: (atMs += afterMs) }));
        const corners = rateCorners(10, stages);
        expect(corners.map((corner) => corner.atMs)).toEqual(
          corners.map((corner) => corner.atMs).toSorted((a, b) => a - b),
        );
        expect(corners[0]!.atMs).toBe(0);
        expect(rateAt(corners, 1e9)).toBe(stages.at(-1)!.ratePerSecond);
      }),
    );
  });
});

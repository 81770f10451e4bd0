import { describe, expect, it } from "vitest";
import { JourneyMix } from "../../harness/load/journey-mix.ts";

describe("journey mix", () => {
  it("chooses each journey by its share", () => {
    const mix = new JourneyMix([
      { journey: 4, share: 0.6 },
      { journey: 1, share: 0.3 },
      { journey: 9, share: 0.1 },
    ]);
    const chosen = Array.from({ length: 30_000 }, (_, arrival) => mix.choose(arrival, 12));
    const share = (journey: number) => chosen.filter((one) => one === journey).length / chosen.length;
    // Four standard deviations of a share of 30,000 draws are at most 0.012.
    expect(Math.abs(share(4) - 0.6)).toBeLessThan(0.012);
    expect(Math.abs(share(1) - 0.3)).toBeLessThan(0.012);
    expect(Math.abs(share(9) - 0.1)).toBeLessThan(0.012);
    expect(mix.choose(17, 12)).toBe(chosen[17]);
  });

  it("has no choice with one journey", () => {
    expect(new JourneyMix([{ journey: 3, share: 1 }]).choose(1, 2)).toBe(3);
  });

  it("always chooses, though the shares sum to less than 1 by rounding", () => {
    const mix = new JourneyMix([
      { journey: 0, share: 0 },
      { journey: 1, share: 1e-12 },
    ]);
    expect(mix.choose(1, 2)).toBe(1);
  });
});

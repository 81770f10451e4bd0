import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arrivals } from "../../harness/load/arrivals.ts";
import type { LoadPlan, RateCorner } from "../../harness/model/load-plan.ts";
import { loadPlan } from "./load-plan.ts";

const SEED = 2013;

/** The arrivals before `endMs`. */
function arrivalsOf(plan: LoadPlan, endMs: number, seed = SEED): number[] {
  const arrivals = new Arrivals(plan, seed);
  const times: number[] = [];
  for (; arrivals.nextMs() < endMs; arrivals.advance()) times.push(arrivals.nextMs());
  expect(arrivals.index).toBe(times.length);
  return times;
}

/** Arrivals per interval of `lengthMs`. */
function counts(times: readonly number[], lengthMs: number, endMs: number): number[] {
  const perInterval = Array.from({ length: Math.ceil(endMs / lengthMs) }, () => 0);
  for (const time of times) perInterval[Math.floor(time / lengthMs)]!++;
  return perInterval;
}

/** Variance divided by mean: 1 for Poisson counts. */
function dispersion(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length / mean;
}

/** Kolmogorov's distance to U(0, 1), times √n: above 1.95 once in a thousand. */
function distanceFromUniform(values: readonly number[]): number {
  const n = values.length;
  const distances = values.toSorted((a, b) => a - b).map((value, i) => Math.max(value - i / n, (i + 1) / n - value));
  return Math.max(...distances) * Math.sqrt(n);
}

describe("poisson arrivals", () => {
  const endMs = 300_000;
  const times = arrivalsOf(loadPlan(), endMs);

  it("come as often as the rate says", () => {
    // Poisson with mean 30,000: four standard deviations are 693.
    expect(Math.abs(times.length - 30_000)).toBeLessThan(693);
  });

  it("have exponential times between them", () => {
    const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));
    expect(distanceFromUniform(gaps.map((gap) => 1 - Math.exp(-gap / 10)))).toBeLessThan(1.95);
  });

  it("have Poisson counts", () => {
    // The dispersion of 3,000 counts has a standard deviation of √(2 / 3000) = 0.026.
    expect(Math.abs(dispersion(counts(times, 100, endMs)) - 1)).toBeLessThan(0.104);
  });
});

describe("constant arrivals", () => {
  it("are evenly spaced, from a phase of their own", () => {
    const times = arrivalsOf(loadPlan({ arrivals: "constant" }), 10_000);
    expect(times.length).toBe(1000);
    expect(times[0]).toBeLessThan(10);
    times.forEach((time, i) => expect(time - times[0]!).toBeCloseTo(10 * i, 6));
    expect(arrivalsOf(loadPlan({ arrivals: "constant", name: "others" }), 10)[0]).not.toBe(times[0]);
  });

  it("have no burstiness in windows of many arrivals", () => {
    const times = arrivalsOf(loadPlan({ arrivals: "constant" }), 59_950);
    // A window of 5.5 arrivals holds 5 or 6: a variance of 1/4, a dispersion of 0.045.
    expect(dispersion(counts(times, 55, 59_950))).toBeLessThan(0.06);
  });

  it("follow a ramp: the n-th comes when the integral of the rate has grown by one", () => {
    // From 0 to 100/s in 10 s: the integral after t seconds is 5 t².
    const rate = [
      { atMs: 0, ratePerSecond: 0 },
      { atMs: 10_000, ratePerSecond: 100 },
    ];
    const times = arrivalsOf(loadPlan({ arrivals: "constant", rate }), 10_000);
    expect(times.length).toBe(500);
    const phase = 5 * (times[0]! / 1000) ** 2;
    times.forEach((time, i) => expect(5 * (time / 1000) ** 2).toBeCloseTo(i + phase, 6));
  });
});

describe("a changing rate", () => {
  const ramp: RateCorner[] = [
    { atMs: 0, ratePerSecond: 50 },
    { atMs: 60_000, ratePerSecond: 50 },
    { atMs: 120_000, ratePerSecond: 250 },
    { atMs: 180_000, ratePerSecond: 250 },
    { atMs: 180_000, ratePerSecond: 0 },
    { atMs: 240_000, ratePerSecond: 0 },
    { atMs: 300_000, ratePerSecond: 100 },
  ];

  it("integrates to the expected number of arrivals in every part", () => {
    const perMinute = counts(arrivalsOf(loadPlan({ rate: ramp }), 360_000), 60_000, 360_000);
    [3000, 9000, 15_000, 0, 3000, 6000].forEach((expected, minute) =>
      expect(Math.abs(perMinute[minute]! - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected)),
    );
  });

  it("spreads the arrivals of a ramp as its integral", () => {
    const times = arrivalsOf(loadPlan({ rate: ramp }), 120_000).filter((time) => time >= 60_000);
    // In the second minute the rate is 50 + 200 x, so the share of arrivals before x is (50 x + 100 x²) / 150.
    const shares = times.map((time) => (time - 60_000) / 60_000).map((x) => (50 * x + 100 * x * x) / 150);
    expect(distanceFromUniform(shares)).toBeLessThan(1.95);
  });

  it("ends the arrivals when it stays at zero", () => {
    const rate = [
      { atMs: 0, ratePerSecond: 100 },
      { atMs: 1000, ratePerSecond: 0 },
    ];
    const arrivals = new Arrivals(loadPlan({ rate }), SEED);
    while (arrivals.nextMs() < Infinity) {
      expect(arrivals.nextMs()).toBeLessThanOrEqual(1000);
      arrivals.advance();
    }
    arrivals.advance();
    expect(arrivals.nextMs()).toBe(Infinity);
    expect(new Arrivals(loadPlan({ rate: [{ atMs: 0, ratePerSecond: 0 }] }), SEED).nextMs()).toBe(Infinity);
  });

  it("moves no draw: twice the rate brings the same arrivals in half the time", () => {
    const slow = arrivalsOf(loadPlan(), 20_000);
    const fast = arrivalsOf(loadPlan({ rate: [{ atMs: 0, ratePerSecond: 200 }] }), 10_000);
    expect(fast.length).toBe(slow.length);
    fast.forEach((time, i) => expect(time * 2).toBeCloseTo(slow[i]!, 6));
  });

  it("leaves the arrivals before the change bit for bit as they were", () => {
    const rate = [
      { atMs: 0, ratePerSecond: 100 },
      { atMs: 5000, ratePerSecond: 100 },
      { atMs: 5000, ratePerSecond: 900 },
    ];
    expect(arrivalsOf(loadPlan({ rate }), 5000)).toEqual(arrivalsOf(loadPlan(), 5000));
  });

  it("never goes back in time, whatever the corners", () => {
    const segment = fc.record({
      lengthMs: fc.constantFrom(0, 1, 7.5, 1000),
      ratePerSecond: fc.constantFrom(0, 0.1, 3, 5000),
    });
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 8 }),
        fc.constantFrom("poisson" as const, "constant" as const),
        (segments, kind) => {
          let atMs = 0;
          const rate: RateCorner[] = [{ atMs: 0, ratePerSecond: 3 }];
          for (const { lengthMs, ratePerSecond } of segments) rate.push({ atMs: (atMs += lengthMs), ratePerSecond });
          const arrivals = new Arrivals(loadPlan({ rate, arrivals: kind }), SEED);
          let last = 0;
          for (let i = 0; i < 2000; i++) {
            expect(arrivals.nextMs()).toBeGreaterThanOrEqual(last);
            last = arrivals.nextMs();
            arrivals.advance();
          }
        },
      ),
    );
  });
});

describe("a seed", () => {
  it("gives the same arrivals again, and another one others", () => {
    expect(arrivalsOf(loadPlan(), 1000)).toEqual(arrivalsOf(loadPlan(), 1000));
    expect(arrivalsOf(loadPlan(), 1000)).not.toEqual(arrivalsOf(loadPlan(), 1000, SEED + 1));
  });

  it("gives each load arrivals that no other load moves", () => {
    const alone = arrivalsOf(loadPlan(), 1000);
    const first = new Arrivals(loadPlan(), SEED);
    const second = new Arrivals(loadPlan({ name: "others" }), SEED);
    const together: number[] = [];
    while (first.nextMs() < 1000) {
      if (second.nextMs() < first.nextMs()) second.advance();
      else {
        together.push(first.nextMs());
        first.advance();
      }
    }
    expect(together).toEqual(alone);
    expect(second.index).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from "vitest";
import { Backoff, backoffSchema } from "../../harness/policies/backoff.ts";
import type { BackoffPlan, Jitter } from "../../harness/model/call-plan.ts";

const DRAWS = 20_000;

function plan(jitter: Jitter, changes: Partial<BackoffPlan> = {}): BackoffPlan {
  return { initialMs: 100, maxMs: 1000, multiplier: 2, jitter, proportion: 0.2, ...changes };
}

/** Delays before the `retry`-th retry over many calls, sorted. */
function sample(backoff: Backoff, retry: number, previousMs = 0): number[] {
  return Array.from({ length: DRAWS }, (_, call) => backoff.delayMs(retry, previousMs, call, 77)).sort((a, b) => a - b);
}

/** Kolmogorov's distance to U(from, to), times √n: above 1.95 once in a thousand. */
function distanceFromUniform(sorted: readonly number[], from: number, to: number): number {
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((value, i) => {
    const expected = (value - from) / (to - from);
    distance = Math.max(distance, Math.abs(expected - i / n), Math.abs((i + 1) / n - expected));
  });
  return distance * Math.sqrt(n);
}

describe("back-off", () => {
  it("doubles up to its cap without jitter", () => {
    const backoff = new Backoff(plan("none"));
    const delays = [1, 2, 3, 4, 5, 6, 50, 500].map((retry) => backoff.delayMs(retry, 0, 1, 2));
    expect(delays).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 1000]);
  });

  it("stays constant with multiplier 1, however many retries", () => {
    const backoff = new Backoff(plan("none", { multiplier: 1 }));
    expect(backoff.delayMs(1, 0, 1, 2)).toBe(100);
    expect(backoff.delayMs(10_000, 0, 1, 2)).toBe(100);
  });

  it("never passes the cap, even with the first delay", () => {
    expect(new Backoff(plan("none", { initialMs: 5000 })).delayMs(1, 0, 1, 2)).toBe(1000);
  });

  it.each([
    ["full", 0, 400],
    ["equal", 200, 400],
    ["proportional", 320, 480],
  ] as const)("%s jitter is uniform between its bounds", (jitter, from, to) => {
    expect(distanceFromUniform(sample(new Backoff(plan(jitter)), 3), from, to)).toBeLessThan(1.95);
  });

  it("decorrelated is uniform from the initial to three times the previous delay", () => {
    const backoff = new Backoff(plan("decorrelated"));
    expect(distanceFromUniform(sample(backoff, 1), 100, 300)).toBeLessThan(1.95);
    expect(distanceFromUniform(sample(backoff, 2, 200), 100, 600)).toBeLessThan(1.95);
  });

  it("decorrelated is cut at the cap", () => {
    const delays = sample(new Backoff(plan("decorrelated")), 9, 1000);
    expect(delays.at(-1)).toBe(1000);
    // U(100, 3000) lies above 1000 in 2000 of 2900 cases.
    const cut = delays.filter((delay) => delay === 1000).length / DRAWS;
    expect(Math.abs(cut - 2000 / 2900)).toBeLessThan(0.015);
  });

  it("decorrelatedV2 is Polly's formula", () => {
    const backoff = new Backoff(plan("decorrelatedV2", { maxMs: 1e9 }));
    // With t = n + u, the delays of one call add up to 2^t × tanh(√(4t)) ÷ 1.4 initial delays.
    const smooth = (t: number) => 2 ** t * Math.tanh(Math.sqrt(4 * t));
    for (let call = 0; call < 100; call++) {
      let sum = 0;
      for (let retry = 1; retry <= 6; retry++) {
        sum += backoff.delayMs(retry, 0, call, 5);
        expect(sum).toBeGreaterThanOrEqual((smooth(retry - 1) * 100) / 1.4 - 1e-9);
        expect(sum).toBeLessThanOrEqual((smooth(retry) * 100) / 1.4 + 1e-9);
      }
    }
  });

  it("decorrelatedV2 retries at median moments near initial, 2 × initial, 4 × initial", () => {
    const backoff = new Backoff(plan("decorrelatedV2", { maxMs: 1e9 }));
    const moments = Array.from({ length: DRAWS }, () => 0);
    for (let retry = 1; retry <= 4; retry++) {
      for (let call = 0; call < DRAWS; call++) moments[call]! += backoff.delayMs(retry, 0, call, 77);
      const median = moments.toSorted((a, b) => a - b)[DRAWS / 2]!;
      expect(median / (100 * 2 ** (retry - 1))).toBeGreaterThan(0.85);
      expect(median / (100 * 2 ** (retry - 1))).toBeLessThan(1.05);
    }
  });

  it("draws by key: the same call waits the same, another call or retry does not", () => {
    const backoff = new Backoff(plan("full", { multiplier: 1 }));
    expect(backoff.delayMs(2, 0, 7, 8)).toBe(backoff.delayMs(2, 0, 7, 8));
    expect(backoff.delayMs(2, 0, 7, 8)).not.toBe(backoff.delayMs(2, 0, 7, 9));
    expect(backoff.delayMs(2, 0, 7, 8)).not.toBe(backoff.delayMs(3, 0, 7, 8));
  });

  it("has the documented defaults", () => {
    expect(backoffSchema.parse({})).toEqual(plan("full"));
  });

  it("refuses a multiplier below 1", () => {
    expect(backoffSchema.safeParse({ multiplier: 0.5 }).error?.issues[0]?.path).toEqual(["multiplier"]);
  });
});

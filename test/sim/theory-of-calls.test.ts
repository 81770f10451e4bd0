// What is known about callers that defend themselves, asked through the front door.
import { describe, expect, test } from "vitest";
import { measure } from "./theory/measurement.ts";

const STANDARD_ERRORS = 4;

describe("the simulator agrees with what is known about defences", () => {
  // The smaller of two exponential times with mean m is exponential with mean m/2. With a delay d, the first answers in time
  // with probability 1 − e^(−d/m); the rest is without memory, so the mean is m (1 − e^(−d/m)/2), and 1 + e^(−d/m) attempts
  // are made. Requests are independent: nobody waits for anybody.
  test.each([
    { caller: "twice", delay: 0 },
    { caller: "late", delay: 1 },
  ])("hedging after $delay service times: the minimum of two", async ({ caller, delay }) => {
    const { result } = await measure("hedging");
    const { calls, attempts } = result.control!.calls[`${caller} -> unlimited`]!;
    const { latencyMs, requests } = result.control!.journeys[caller]!;
    const second = Math.exp(-delay);
    expect(requests).toBeGreaterThan(100_000);
    // E[T²] = ∫ 2t P(T > t): P(T > t) = e^(−t) up to d, then e^(−d) e^(−2(t−d)).
    const mean = 1 - second / 2;
    const squares = 2 - 2 * second * (delay + 1) + second * (delay + 0.5);
    expectNear(latencyMs!.mean, mean, STANDARD_ERRORS * Math.sqrt((squares - mean ** 2) / requests));
    const error = Math.sqrt((second * (1 - second)) / calls);
    expectNear(attempts / calls, 1 + second, STANDARD_ERRORS * error + 1e-12);
  });

  // With r requests and a accepts a second, the throttle refuses p = (r − K a)/r, so that r (1 − p) = K a are let out: the
  // callee is asked for K times what it accepts, however much is wanted. Draws are independent, so the share let out has
  // the standard error √(p (1 − p)/n); the feedback only makes it smaller. The + 1 of the formula is 1 in the 12 000
  // requests of a window; the window is counted in slices of a sixtieth, the last of which is half full on average.
  test("Google's throttle: twice as many are let out as are accepted", async () => {
    const { result, seconds } = await measure("throttle");
    const { calls, bad, attempts } = result.control!.calls["throttled -> hundred"]!;
    const accepted = result.control!.journeys["visit"]!.requests - total(result.control!.journeys["visit"]!.bad);
    // A callee that is asked for twice what it can do, and has a queue, is never idle.
    expect(accepted / seconds).toBeGreaterThan(99);
    expect(accepted / seconds).toBeLessThan(101);
    const k = 2;
    const share = 1 - (k * accepted) / calls;
    const tolerance = STANDARD_ERRORS * Math.sqrt((share * (1 - share)) / calls) + 1 / 12_000 + share / 120;
    expectNear(bad["shed"]! / calls, share, tolerance);
    expect(attempts).toBe(calls - bad["shed"]!);
  });
});

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function expectNear(measured: number, expected: number, tolerance: number): void {
  expect(Math.abs(measured - expected), `${measured} against ${expected}, ± ${tolerance}`).toBeLessThan(tolerance);
}

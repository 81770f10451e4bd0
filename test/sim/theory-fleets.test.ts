// Many servers, asked through the front door. Tolerances are those of batch means, or of independent requests.
import { expect, test } from "vitest";
import { journeyLatency, serviceLatency } from "./theory/batch-means.ts";
import { measure } from "./theory/measurement.ts";

// The maximum of n exponentials of mean s: s(1 + 1/2 + … + 1/n), with variance s²(1 + 1/4 + … + 1/n²); below x with
// probability (1 − e^(−x/s))ⁿ. Shards have room for all, so requests are independent.
test("the slowest of twenty exponential answers takes 3.598 times their mean, and its 99th percentile 7.6", async () => {
  const { result, recording } = await measure("fan-out");
  const { mean, count } = journeyLatency(recording, "scatter");
  const shards = Array.from({ length: 20 }, (_, k) => k + 1);
  const expected = 10 * shards.reduce((sum, k) => sum + 1 / k, 0);
  const deviation = 10 * Math.sqrt(shards.reduce((sum, k) => sum + 1 / k ** 2, 0));
  expect(count).toBeGreaterThan(19_000);
  expect(Math.abs(mean - expected), `${mean} against ${expected}`).toBeLessThan((4 * deviation) / Math.sqrt(count));
  const quantile = -10 * Math.log(1 - 0.99 ** (1 / 20));
  // The density at the quantile turns the error of a share into one of time; the histogram adds 0.8 %.
  const density = 0.1 * 20 * 0.99 ** (19 / 20) * (1 - 0.99 ** (1 / 20));
  const quantileError = Math.sqrt((0.99 * 0.01) / count) / density;
  const { p99 } = result.control!.journeys["scatter"]!.latencyMs!;
  expect(Math.abs(p99 - quantile), `${p99} against ${quantile}`).toBeLessThan(4 * quantileError + 0.008 * quantile);
});

// Behind a pool the endpoint has room for all, so the pool is the queue: M/M/4, of whose customers Erlang's C waits.
test("a pool of four connections at load 0.8: 59.64 % wait for one, 1.746 service times in all", async () => {
  const { recording } = await measure("pool");
  const { mean, tolerance, count } = journeyLatency(recording, "visit");
  expect(count).toBeGreaterThan(380_000);
  // A = 3.2: C = (A⁴/4!) ⋅ 5 ÷ (1 + A + A²/2 + A³/6 + (A⁴/4!) ⋅ 5).
  const last = (3.2 ** 4 / 24) * 5;
  const waits = last / (1 + 3.2 + 3.2 ** 2 / 2 + 3.2 ** 3 / 6 + last);
  expect(waits).toBeCloseTo(0.5964, 4);
  const expected = 1 + waits / (4 * 0.2);
  expect(Math.abs(mean - expected), `${mean} ± ${tolerance} against ${expected}`).toBeLessThan(tolerance);
  expect(tolerance).toBeLessThan(0.15);
});

// A Poisson stream that is divided by chance is as many Poisson streams: each server is an M/M/1 by itself.
test("one of fifty servers drawn at random at load 0.8: 5 service times, as if it were alone", async () => {
  const { recording } = await measure("random-choice");
  const { mean, tolerance, count } = serviceLatency(recording, "drawn");
  expect(count).toBeGreaterThan(230_000);
  expect(Math.abs(mean / 20 - 5), `${mean / 20} against 5`).toBeLessThan(tolerance / 20);
  expect(tolerance / 20).toBeLessThan(0.5);
});

// The fixed point of the supermarket model with two choices: a share λ^(2^i − 1) of the servers has at least i requests,
// so a request stays Σ λ^(2^i − 2) service times (Mitzenmacher, The Power of Two Choices, 1996, section 3). It is the
// limit of many servers; with n of them the mean lies O(1/n) above it (Gast, Expected Values Estimated via Mean-Field
// Approximation are 1/N-Accurate, 2017), at this load below 5/n: a tenth of a service time at fifty servers.
test("the less busy of two servers at load 0.9: 2.614 service times, where one drawn at random takes 10", async () => {
  const { recording } = await measure("two-choices");
  const { mean, tolerance, count } = serviceLatency(recording, "two-choices");
  let fixedPoint = 0;
  for (let i = 1; i < 12; i++) fixedPoint += 0.9 ** (2 ** i - 2);
  expect(fixedPoint).toBeCloseTo(2.614, 3);
  expect(count).toBeGreaterThan(350_000);
  const servers = 400;
  expect(Math.abs(mean / 100 - fixedPoint), `${mean / 100} against ${fixedPoint}`).toBeLessThan(
    tolerance / 100 + 5 / servers,
  );
  expect(tolerance / 100).toBeLessThan(0.2);
});

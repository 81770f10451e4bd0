// Closed populations against the two laws they obey, asked through the front door as in theory.test.ts.
//
// Tolerances of the repairman are four standard errors, from the asymptotic variance of a time average of a birth and
// death process: σ² = 2 Σᵢ (Σ_{k≤i} πₖ(fₖ−f̄))² / (λᵢπᵢ). Whitt (1992), Asymptotic formulas for Markov processes with
// applications to simulation.
import { expect, test } from "vitest";
import { measure } from "./theory/measurement.ts";

const STANDARD_ERRORS = 4;

// M/M/1//N: N machines fail after an exponential time Z each, one repairman mends them in exponential times S.
// p₀ = 1 / Σ N!/(N−n)! (S/Z)ⁿ and X = (1−p₀)/S. Allen, Probability, Statistics and Queueing Theory, table 5.2.8.
test("ten machines and one repairman: throughput and queue are those of M/M/1//10", async () => {
  const { result, seconds, littleGap } = await measure("repairman");
  const machines = 10;
  const thinkMs = 12;
  const arrivalsPerMs = (broken: number): number => (machines - broken) / thinkMs;
  const share = shares(machines, arrivalsPerMs);
  const { requests, meanInSystem } = result.control!.services["single"]!;
  const isBusy = (broken: number): number => Number(broken > 0);
  const error = (f: (broken: number) => number): number =>
    STANDARD_ERRORS * meanError(f, share, arrivalsPerMs, 1000 * seconds);
  const broken = mean((each) => each, share);
  expect(Math.abs(meanInSystem - broken)).toBeLessThan(error((each) => each));
  // What is mended in a time in which the repairman is busy for B is Poisson with mean B.
  const perMs = mean(isBusy, share);
  const mended = requests / (1000 * seconds);
  expect(Math.abs(mended - perMs)).toBeLessThan(error(isBusy) + STANDARD_ERRORS * Math.sqrt(perMs / (1000 * seconds)));
  expect(littleGap).toBeLessThan(1e-9);
});

// N = X (R + Z) is Little's law around the whole circle, so it holds for any system, but for those who are on their way
// round at either end: each of the N adds at most one round there. Denning and Buzen (1978), The Operational Analysis
// of Queueing Network Models.
test("the interactive response time law: clients are throughput times response and think time", async () => {
  const { result, seconds } = await measure("interactive");
  const { requests, latencyMs } = result.control!.journeys["visit"]!;
  const clients = 20;
  const thinkMs = 10;
  const perMs = requests / (1000 * seconds);
  const edges = (2 * clients * (latencyMs!.max + thinkMs)) / (1000 * seconds);
  expect(Math.abs(perMs * (latencyMs!.mean + thinkMs) - clients)).toBeLessThan(edges);
  expect(edges).toBeLessThan(0.05 * clients);
  // The bound of every closed system: no more than the slowest of them can do, nor than all ask for.
  expect(perMs).toBeLessThan(1);
});

/** Stationary shares of a birth and death process with service times of one millisecond. */
function shares(most: number, birthsPerMs: (state: number) => number): number[] {
  const weights = [1];
  for (let state = 0; state < most; state++) weights.push(weights[state]! * birthsPerMs(state));
  const total = weights.reduce((sum, each) => sum + each);
  return weights.map((each) => each / total);
}

function mean(f: (state: number) => number, share: readonly number[]): number {
  return share.reduce((sum, each, state) => sum + each * f(state), 0);
}

function meanError(
  f: (state: number) => number,
  share: readonly number[],
  birthsPerMs: (state: number) => number,
  ms: number,
): number {
  const center = mean(f, share);
  let below = 0;
  let variance = 0;
  for (let state = 0; state < share.length - 1; state++) {
    below += share[state]! * (f(state) - center);
    variance += (2 * below ** 2) / (birthsPerMs(state) * share[state]!);
  }
  return Math.sqrt(variance / ms);
}

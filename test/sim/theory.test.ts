// Queueing theory, asked through the front door: a scenario file goes in, the JSON result comes out.
// Every service time is 1 ms on average, so times read as service times. `n` counts requests, ρ is the load.
//
// Tolerances are four standard errors. Successive requests are not independent, so these come from the asymptotic
// variance σ² of the mean, standard error σ/√n or σ/√T:
//   M/M/1, mean sojourn      σ = (1+ρ)/(1−ρ)² service times, over n requests. From Poisson's equation of the Lindley
//                            recursion, h(s) = ρ s²/(2(1−ρ)) + s, and σ² = 2E[(S−ES)h(S)] − Var S with S ~ Exp(1−ρ).
//   birth and death, mean f  σ² = 2 Σᵢ (Σ_{k≤i} πₖ(fₖ−f̄))² / (λπᵢ), over time. Whitt (1992), Asymptotic formulas for
//                            Markov processes with applications to simulation.
import { describe, expect, test } from "vitest";
import { measure } from "./theory/measurement.ts";

const LOAD = 0.8;
const STANDARD_ERRORS = 4;

describe("the simulator agrees with queueing theory", () => {
  test("M/M/1 at load 0.8: the mean is 5 service times, the 99th percentile 23.03", async () => {
    const { result, littleGap } = await measure("mm1");
    const { requests, latencyMs } = result.control!.services["single"]!;
    expect(requests).toBeGreaterThan(300_000);
    expectNear(latencyMs!.mean, 5, STANDARD_ERRORS * sojournError(requests));
    // S is exponential: P(S > x) = e^(−(1−ρ)x). The standard error of the share above the quantile takes the
    // autocorrelation of the mean, ((1+ρ)/(1−ρ))² times that of independent requests; the histogram adds 0.8 %.
    const quantile = -Math.log(0.01) / (1 - LOAD);
    const shareError = Math.sqrt((0.01 * 0.99) / requests) * ((1 + LOAD) / (1 - LOAD));
    const quantileError = shareError / (0.01 * (1 - LOAD));
    expectNear(latencyMs!.p99, quantile, STANDARD_ERRORS * quantileError + 0.008 * quantile);
    expect(littleGap).toBeLessThan(1e-9);
  });

  test("M/M/4 at load 3.2: the share that waits is Erlang's C, 0.5964", async () => {
    const { result, littleGap, seconds } = await measure("mm4");
    const { requests, meanQueue, meanInSystem } = result.control!.services["four"]!;
    expect(requests).toBeGreaterThan(300_000);
    const servers = 4;
    const offered = 3.2;
    const waits = erlangC(servers, offered);
    expect(waits).toBeCloseTo(0.5964, 4);
    // Those who wait queue up like an M/M/1 of the whole group: Lq = C ρ/(1−ρ).
    const perWait = LOAD / (1 - LOAD);
    const queueError = meanError((k) => Math.max(0, k - servers), servers, offered, 1000 * seconds);
    expectNear(meanQueue / perWait, waits, (STANDARD_ERRORS * queueError) / perWait);
    const systemError = meanError((k) => k, servers, offered, 1000 * seconds);
    expectNear(meanInSystem, offered + waits * perWait, STANDARD_ERRORS * systemError);
    expect(littleGap).toBeLessThan(1e-9);
  });

  // Processor sharing does not care how service times are distributed: the mean is 1/(1−ρ) also for constant ones,
  // for which first come, first served would give 1 + ρ/(2(1−ρ)) = 3. Its variance has no closed form: six
  // independent queues give it, and Student's t with five degrees of freedom passes 6.87 once in a thousand.
  test("processor sharing at load 0.8: the mean is 5 service times, though all are alike", async () => {
    const { result, littleGap } = await measure("processor-sharing");
    const queues = Object.entries(result.control!.services).filter(([name]) => name.startsWith("shared-"));
    expect(queues.reduce((sum, [, { requests }]) => sum + requests, 0)).toBeGreaterThan(300_000);
    const means = queues.map(([, { latencyMs }]) => latencyMs!.mean);
    const mean = means.reduce((sum, each) => sum + each) / means.length;
    const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (means.length - 1);
    const tolerance = 6.87 * Math.sqrt(variance / means.length);
    expectNear(mean, 5, tolerance);
    expect(tolerance).toBeLessThan(1);
    expect(littleGap).toBeLessThan(1e-9);
  });

  // What leaves an M/M/1 is a Poisson stream again (Burke), so each of the three is an M/M/1 by itself. Their
  // sojourns are not independent from one request to the next: the errors are added up, which is the most they can be.
  test("three M/M/1 in tandem: the mean is 15 service times", async () => {
    const { result, littleGap } = await measure("tandem");
    const { requests, latencyMs } = result.control!.journeys["visit"]!;
    expect(requests).toBeGreaterThan(300_000);
    expectNear(latencyMs!.mean, 15, STANDARD_ERRORS * 3 * sojournError(requests));
    for (const service of ["first", "second", "third"]) {
      const table = result.control!.services[service]!;
      expectNear(table.latencyMs!.mean, 5, STANDARD_ERRORS * sojournError(requests));
    }
    expect(littleGap).toBeLessThan(1e-9);
  });

  // With room for everyone, attempts fail independently: their number is geometric, cut off at n.
  test("retries without feedback: (1 − pⁿ)/(1 − p) attempts, and pⁿ of the calls fail", async () => {
    const { result, littleGap } = await measure("retries");
    const { calls, amplification } = result.control!.calls["patient -> flaky"]!;
    const failing = 0.4;
    const tries = 4;
    const attempts = (1 - failing ** tries) / (1 - failing);
    expect(calls).toBeGreaterThan(290_000);
    // E[N²] = Σ (2k−1) P(N ≥ k), and P(N ≥ k) = p^(k−1).
    const squares = [1, 2, 3, 4].reduce((sum, k) => sum + (2 * k - 1) * failing ** (k - 1), 0);
    const attemptsError = Math.sqrt((squares - attempts ** 2) / calls);
    expectNear(amplification, attempts, STANDARD_ERRORS * attemptsError);
    const lost = failing ** tries;
    const lostError = Math.sqrt((lost * (1 - lost)) / calls);
    expectNear(1 - result.control!.journeys["visit"]!.availability, lost, STANDARD_ERRORS * lostError);
    expect(littleGap).toBeLessThan(1e-9);
  });
});

function expectNear(measured: number, expected: number, tolerance: number): void {
  expect(Math.abs(measured - expected), `${measured} against ${expected}`).toBeLessThan(tolerance);
}

/** Standard error of the mean sojourn of an M/M/1 at LOAD, in service times. */
function sojournError(requests: number): number {
  return (1 + LOAD) / (1 - LOAD) ** 2 / Math.sqrt(requests);
}

/** Erlang's C: the probability that an arrival finds all servers of an M/M/c busy. */
function erlangC(servers: number, offered: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= offered / (k + 1);
  }
  const waiting = (term * servers) / (servers - offered);
  return waiting / (sum + waiting);
}

/** Standard error of the time average of f(number in an M/M/c) over `serviceTimes`, by the formula above. */
function meanError(f: (inSystem: number) => number, servers: number, offered: number, serviceTimes: number): number {
  const states = Array.from({ length: 400 }, (_, k) => k);
  let weight = 1;
  const weights = states.map((k) => {
    const own = weight;
    weight *= offered / Math.min(k + 1, servers);
    return own;
  });
  const total = weights.reduce((sum, each) => sum + each);
  const share = weights.map((each) => each / total);
  const mean = states.reduce((sum, k) => sum + share[k]! * f(k), 0);
  let below = 0;
  let variance = 0;
  for (const k of states) {
    below += share[k]! * (f(k) - mean);
    variance += (2 * below ** 2) / (offered * share[k]!);
  }
  return Math.sqrt(variance / serviceTimes);
}

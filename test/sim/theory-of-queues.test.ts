// Queueing theory of what stands before the workers, asked through the front door: losses, impatience, and the order of
// service. Every service time is 1 ms on average, so times read as service times.
//
// Tolerances are four standard errors where the variance is known (theory/birth-and-death.ts), else Student's t over six
// independent queues (theory/sixfold.ts).
import { describe, expect, test } from "vitest";
import { lostShare, lostShareError, mean, meanError } from "./theory/birth-and-death.ts";
import { meanSquare } from "./theory/latency-moments.ts";
import { measure } from "./theory/measurement.ts";
import { estimate } from "./theory/sixfold.ts";

const STANDARD_ERRORS = 4;
const SIX = [1, 2, 3, 4, 5, 6];

describe("the simulator agrees with queueing theory about", () => {
  const telephone = { arrivals: 4, servers: 5, places: 5 };

  // A limit of five requests in flight, or of five connections, is the same as a queue for three before two workers.
  test("Erlang B and M/M/2/5: who is lost, and how many are in the system", async () => {
    const { result, littleGap, seconds } = await measure("loss");
    const { services } = result.control!;
    const serviceTimes = 1000 * seconds;
    expect(lostShare(telephone)).toBeCloseTo(0.1991, 4);
    const room = { arrivals: 2.4, servers: 2, places: 5 };
    for (const [name, system] of [
      ["telephone", telephone],
      ["waiting-room", room],
      ["guarded", room],
      ["sockets", room],
    ] as const) {
      const { requests, rejected, bad, meanInSystem } = services[name]!;
      const lost = rejected + (bad["refused"] ?? 0);
      expect(requests).toBeGreaterThan(100_000);
      expectNear(lost / requests, lostShare(system), STANDARD_ERRORS * lostShareError(system, serviceTimes));
      const inSystemError = meanError(system, (k) => k, serviceTimes);
      expectNear(
        meanInSystem,
        mean(system, (k) => k),
        STANDARD_ERRORS * inSystemError,
      );
    }
    const queue = (k: number): number => Math.max(0, k - 2);
    const queueError = meanError(room, queue, serviceTimes);
    expectNear(services["waiting-room"]!.meanQueue, mean(room, queue), STANDARD_ERRORS * queueError);
    expect(littleGap).toBeLessThan(1e-9);
  });

  // Cores in use are Little's law of the work: served requests a millisecond each, lost ones half of one. The number of
  // servers in use is that of the loss system; rejections are, given their number, independent of each other.
  test("the cost of refusing: cores in use are work done and work refused", async () => {
    const { result, seconds } = await measure("loss");
    const { requests, rejected, utilization } = result.control!.services["counter"]!;
    expect(requests).toBeGreaterThan(100_000);
    const serviceTimes = 1000 * seconds;
    const lost = lostShare(telephone);
    expectNear(rejected / requests, lost, STANDARD_ERRORS * lostShareError(telephone, serviceTimes));
    const inUse = 4 * (1 - lost) + 4 * lost * 0.5;
    const servedError = meanError(telephone, (k) => k, serviceTimes);
    const lostError = 4 * lostShareError(telephone, serviceTimes) * 0.5 + Math.sqrt((4 * lost * 0.25) / serviceTimes);
    expectNear(utilization.cpu! * 100, inUse, STANDARD_ERRORS * (servedError + lostError));
  });

  test("M/D/5/5: the loss does not depend on the distribution of the service time", async () => {
    const { result, littleGap } = await measure("exchange");
    const lost = estimate(
      SIX.map((n) => result.control!.services[`exchange-${n}`]!).map(({ rejected, requests }) => rejected / requests),
    );
    expectNear(lost.mean, lostShare(telephone), lost.tolerance);
    expect(lost.tolerance).toBeLessThan(0.02);
    expect(littleGap).toBeLessThan(1e-9);
  });

  // Who comes to a busy server waits for what is left of the service, and for all who come meanwhile: a busy period,
  // with mean 1/(1−ρ) and mean square 2/(1−ρ)³. First come, first served has the same mean wait, but the mean square
  // 2ρ/(1−ρ)² instead of 2ρ/(1−ρ)³. Source: Takács (1963), Delay distributions for one line with Poisson input, general
  // holding times, and various orders of service.
  test("last come, first served: the mean of first come, first served, and the variance of a busy period", async () => {
    const { result, recording, littleGap } = await measure("lifo");
    const load = 0.5;
    const wait = load / (1 - load);
    const waitSquare = (2 * load) / (1 - load) ** 3;
    const sojourn = estimate(SIX.map((n) => result.control!.services[`stack-${n}`]!.latencyMs!.mean));
    expectNear(sojourn.mean, wait + 1, sojourn.tolerance);
    expect(sojourn.tolerance).toBeLessThan(0.1);
    // Waiting and the own service time are independent, and the latter's mean square is 2.
    const expected = waitSquare + 2 * wait + 2;
    const square = estimate(SIX.map((n) => meanSquare(recording, `stack-${n}`)));
    expectNear(square.mean, expected, square.tolerance + 0.016 * expected);
    expect(square.tolerance).toBeLessThan(2);
    expect(littleGap).toBeLessThan(1e-9);
  });

  // The work ahead of an arrival has density λP₀e^(−(1−ρ)x) up to the patience τ, and falls as e^(−x) beyond. So the
  // share that leaves is ρ(1−ρ)e^(−a) ÷ (1−ρ²e^(−a)), a = (1−ρ)τ, also where ρ > 1. Source: Barrer (1957), Queuing with
  // impatient customers and ordered service.
  test("impatience: the share that waits two service times in vain, at load 1.2", async () => {
    const { result, littleGap } = await measure("impatience");
    const load = 1.2;
    const rest = Math.exp(-(1 - load) * 2);
    const expected = (load * (1 - load) * rest) / (1 - load ** 2 * rest);
    const lost = estimate(
      SIX.map((n) => result.control!.services[`desk-${n}`]!).map(({ rejected, requests }) => rejected / requests),
    );
    expectNear(lost.mean, expected, lost.tolerance);
    expect(lost.tolerance).toBeLessThan(0.02);
    expect(littleGap).toBeLessThan(1e-9);
  });
});

function expectNear(measured: number, expected: number, tolerance: number): void {
  expect(Math.abs(measured - expected), `${measured} against ${expected}`).toBeLessThan(tolerance);
}

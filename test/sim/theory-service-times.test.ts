// What the shape of service times does to one server, asked through the front door. Tolerances are those of batch means.
//
//   queue (M/G/1)    T = s + ρs(1 + c²) / (2(1−ρ))     Pollaczek and Khinchine; c² is the squared variation of the time
//   shared (M/G/1-PS) T = s / (1−ρ)                    whatever the shape: Kleinrock, Queueing Systems II, 4.4
import { expect, test } from "vitest";
import { serviceLatency } from "./theory/batch-means.ts";
import { measure } from "./theory/measurement.ts";

function queue(serviceMs: number, load: number, squaredVariation: number): number {
  return serviceMs + (load * serviceMs * (1 + squaredVariation)) / (2 * (1 - load));
}

/** A log-normal time of median 1 ms and spread σ = 1: its mean is e^½, its squared variation e − 1. */
const LOG_NORMAL_MS = Math.exp(0.5);
const LOG_NORMAL_LOAD = 0.4 * LOG_NORMAL_MS;

const EXPECTED_MS = {
  /** M/D/1: constant times wait half as long as exponential ones. */
  constant: queue(1, 0.8, 0),
  /** M/E4/1: four stages. */
  erlang: queue(1, 0.8, 1 / 4),
  /** The long ones hold up the rest … */
  "log-normal": queue(LOG_NORMAL_MS, LOG_NORMAL_LOAD, Math.E - 1),
  /** … unless all are served together: as if they were constant. */
  shared: LOG_NORMAL_MS / (1 - LOG_NORMAL_LOAD),
};

test("constant, Erlang and log-normal times queue as Pollaczek and Khinchine say, and share a core whatever their shape", async () => {
  const { recording, littleGap } = await measure("service-times");
  expect(EXPECTED_MS.constant).toBeCloseTo(3, 9);
  expect(EXPECTED_MS.erlang).toBeCloseTo(3.5, 9);
  for (const [service, expected] of Object.entries(EXPECTED_MS)) {
    const { mean, tolerance, count } = serviceLatency(recording, service);
    expect(count).toBeGreaterThan(150_000);
    expect(Math.abs(mean - expected), `${service}: ${mean} ± ${tolerance} against ${expected}`).toBeLessThan(tolerance);
    // A test that would let another shape pass would be none: the nearest of these expectations is 14 % away.
    expect(tolerance).toBeLessThan(0.14 * expected);
  }
  expect(littleGap).toBeLessThan(1e-9);
});

// Garbage collection against its closed form: collections a second are requests a second × garbage ÷ room, and each takes
// as long as what is in use is large.
import { expect, it, test } from "vitest";
import type { MemoryPlan } from "../../harness/model/life-plan.ts";
import { fleetPlan } from "../actor/fleet-plan.ts";
import { lifePlan } from "../service/life-plan.ts";
import { constant, variantPlan, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

const GIB = 1_073_741_824;
const WORK_MS = 2;
const PAUSE_MS_PER_GIB = 50;

/** 2 GiB, of which a process uses 1; a request leaves 1/128 GiB behind, so that 128 find room where none holds anything. */
function memory(perRequestGib: number): MemoryPlan {
  return {
    limitBytes: 2 * GIB,
    baseBytes: GIB,
    perRequestBytes: perRequestGib * GIB,
    leakBytesPerMs: 0,
    garbageCollection: { garbagePerRequestBytes: GIB / 128, pausePerGibMs: constant(PAUSE_MS_PER_GIB) },
  };
}

it("takes a share λ a p ÷ room of the time, however the requests queue", async () => {
  const [ratePerSecond, forMs] = [200, 99_000];
  const server = variantPlan([work(WORK_MS)], { life: lifePlan({ memory: memory(0) }) });
  const rate = [
    { atMs: 0, ratePerSecond },
    { atMs: forMs, ratePerSecond },
    { atMs: forMs, ratePerSecond: 0 },
  ];
  const sums = new Sums(await record(fleetPlan([server], { endMs: forMs + 1000, load: { rate } })));
  const served = sums.service(0, "ended");
  // The one that finds no room begins the collection.
  expect(sums.life(0, "collections")).toBe(Math.floor(served / 129));
  expect(sums.life(0, "collectingMs")).toBeCloseTo(PAUSE_MS_PER_GIB * Math.floor(served / 129), 6);
  const expectedMs = ((ratePerSecond * forMs) / 1000 / 129) * PAUSE_MS_PER_GIB;
  // The number of Poisson arrivals, to four standard deviations, and the collection that is not due yet.
  const tolerance = expectedMs * (4 / Math.sqrt((ratePerSecond * forMs) / 1000)) + PAUSE_MS_PER_GIB;
  expect(Math.abs(sums.life(0, "collectingMs") - expectedMs)).toBeLessThan(tolerance);
});

test.each([10, 40, 80])(
  "what waits costs capacity: with %i requests in line, a server does what the room says",
  async (line) => {
    const perRequestGib = 1 / 128;
    const server = variantPlan([work(WORK_MS)], {
      pool: { model: "threads", concurrency: 1, queueCapacity: line },
      life: lifePlan({ memory: memory(perRequestGib) }),
    });
    // Ten times what it can do, so that the line is full again before the next request is done.
    const rate = [{ atMs: 0, ratePerSecond: 5000 }];
    const fromMs = 1000;
    const recording = await record(fleetPlan([server], { endMs: 11_000, load: { rate } }));
    const perMs = new Sums(recording, fromMs).service(0, "outcome") / 10_000;
    // A cycle is so many requests and one pause; one request more or less is held as it ends.
    const perMsWith = (held: number, requests: number): number => {
      const pauseMs = (1 + held * perRequestGib) * PAUSE_MS_PER_GIB;
      return requests / (requests * WORK_MS + pauseMs);
    };
    const full = perMsWith(line + 1, 128 - (line + 1));
    const oneLess = perMsWith(line, 128 - line + 1);
    // The window cuts off a part of a cycle at either end.
    const edge = 128 / 10_000;
    expect(perMs).toBeGreaterThan(full - edge);
    expect(perMs).toBeLessThan(oneLess + edge);
    expect(oneLess - full + 2 * edge).toBeLessThan(0.12 * full);
  },
);

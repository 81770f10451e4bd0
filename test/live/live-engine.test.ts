// Whole runs on real processes, as short as they can be.
import { expect, test } from "vitest";
import { OK } from "../../harness/model/outcome.ts";
import { constant, oneTier, twoTiers, variant, work } from "./small-plan.ts";
import { fleetProcesses, listeningAddresses } from "./fleet-processes.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";

const { EDGE, JOURNEY, SERVICE } = COLUMNS;

test("every way of dividing the fleet into processes counts the same", async () => {
  const plan = twoTiers();
  // The last sets out half a second before the end: whatever else the machine does, all are back by then.
  const rate = [50, 50, 0].map((ratePerSecond, corner) => ({ atMs: corner === 0 ? 0 : 1_500, ratePerSecond }));
  const loads = plan.loads.map((load) => ({ ...load, rate }));
  for (const isolation of ["inline", "service", "process"] as const) {
    const { end, recording } = await runLive({ ...plan, loads }, { isolation });
    expect(end).toEqual({ reason: "completed" });
    expect([...recording.buckets()].map(({ index, missing }) => [index, missing])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect({
      sent: total(recording, "journeys", 0, JOURNEY.sent),
      good: total(recording, "journeys", 0, JOURNEY.outcome + OK),
      atFront: total(recording, "services", 0, SERVICE.arrived),
      atBack: total(recording, "services", 1, SERVICE.outcome + OK),
      calls: total(recording, "edges", 1, EDGE.calls),
    }).toEqual({ sent: 75, good: 75, atFront: 75, atBack: 75, calls: 75 });
  }
});

test("each instance is a process of its own that listens on loopback only, and none is left", async () => {
  let addresses: string[] = [];
  let entries: string[] = [];
  await runLive(twoTiers({ endMs: 1_000 }), { isolation: "process" }, {
    onRunning: () => {
      const fleet = fleetProcesses(process.pid);
      entries = fleet.map(({ entry }) => entry).sort();
      addresses = fleet.flatMap(({ pid }) => listeningAddresses(pid));
    },
  }); // prettier-ignore
  expect(entries).toEqual(["guard-process.js", "load-process.js", ...Array<string>(3).fill("service-process.js")]);
  expect(addresses).toHaveLength(3);
  for (const address of addresses) expect(address).toMatch(/^0100007F:/);
  expect(fleetProcesses(process.pid)).toEqual([]);
});

test("one fifo worker with 0.5 ms of work at load 0.7 takes the time that theory says, within 1.5 ms", async () => {
  const worker = variant([work(constant(0.5))], {
    pool: { model: "threads", concurrency: 1, queueCapacity: null },
    cpu: { cores: 1, scheduling: "fifo" },
  });
  const plan = oneTier(worker, 1_400, { endMs: 6_000 });
  const poisson = { ...plan, loads: plan.loads.map((load) => ({ ...load, arrivals: "poisson" as const })) };
  const { end, recording } = await runLive(poisson, { isolation: "process" });
  expect(end).toEqual({ reason: "completed" });
  const meansMs: number[] = [];
  let [ended, inSystemMs, sojournMs] = [0, 0, 0];
  for (const { index, services } of recording.buckets()) {
    const row = services[0]!;
    const value = (column: number): number => row[row.indexOf(column, 1) + 1]!;
    inSystemMs += value(SERVICE.inSystemMs);
    sojournMs += value(SERVICE.sojournMs);
    // The first second compiles the code that the others run.
    if (index === 0) continue;
    ended += value(SERVICE.ended);
    meansMs.push(value(SERVICE.latencyMs) / value(SERVICE.ended));
  }
  expect(ended).toBeGreaterThan(6_500);
  // M/D/1: service time × (1 + ρ ÷ (2 (1 − ρ))) = 1.083 ms. A second in which the machine did something else says
  // nothing about the engine: of five such seconds the one in the middle counts.
  const [, , medianMs] = meansMs.toSorted((a, b) => a - b);
  expect(Math.abs(medianMs! - 1.083)).toBeLessThan(1.5);
  expect(sojournMs).toBeCloseTo(inSystemMs, 3);
});

test("an interrupted run ends early with whole buckets and nothing running", async () => {
  const interruption = new AbortController();
  const { end, recording } = await runLive(twoTiers({ endMs: 60_000 }), { isolation: "process" }, {
    signal: interruption.signal,
    onRunning: (runMs) => runMs > 1_500 && interruption.abort(),
  }); // prettier-ignore
  expect(end).toMatchObject({ reason: "interrupted" });
  expect([...recording.buckets()].map(({ index }) => index)).toEqual([0]);
  expect(total(recording, "journeys", 0, JOURNEY.sent)).toBe(100);
  expect(fleetProcesses(process.pid)).toEqual([]);
});

test("an interruption while the fleet starts leaves an empty recording and nothing running", async () => {
  const interruption = new AbortController();
  setTimeout(() => interruption.abort(), 60);
  const { end, recording } = await runLive(twoTiers(), { isolation: "process" }, { signal: interruption.signal });
  expect(end).toEqual({ reason: "interrupted", atMs: 0 });
  expect([...recording.buckets()]).toEqual([]);
  expect(fleetProcesses(process.pid)).toEqual([]);
});

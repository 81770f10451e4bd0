import { expect, test } from "vitest";
import type { FaultConditionPlan, FaultPlan, FaultScope, TimelineEventPlan } from "../../harness/model/release-plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";

type FaultEvent = Extract<TimelineEventPlan, { do: "fault" }>;

const everyone: FaultScope = {
  on: { type: "service", service: 0, operation: null },
  variant: null,
  zone: null,
  share: 1,
  instances: null,
};

const fault = (
  plan: Omit<FaultPlan, "scope">,
  event: Partial<FaultEvent> = {},
  scope: Partial<FaultScope> = {},
): FaultEvent => ({
  do: "fault",
  atMs: 10_000,
  forMs: null,
  background: false,
  fault: { ...plan, scope: { ...everyone, ...scope } },
  ...event,
});

const crash = { kind: "crash", attributes: {} };
const pause = { kind: "pause", attributes: {} };
const capacity = { kind: "capacity", attributes: { to: 0.2 } };
const latency = { kind: "latency", attributes: { add: { kind: "constant", ms: 500 } } };

/** Bad answers from the fifth second to the twentieth. */
const troubled = { bad: (_: number, second: number) => (second >= 5 && second < 20 ? 0.5 : 0) };
const availability = (atMost: number): FaultConditionPlan => ({
  metric: "journeys.buy.availability",
  overMs: 1000,
  limit: { atLeast: null, atMost, relativeToStable: false },
});

const fleetOf = (event: FaultEvent, options = {}) =>
  new MemoryFleet(smallPlan({ replicasPerZone: [4], timeline: [event], endMs: 60_000 }), options);
const turns = (fleet: MemoryFleet) => fleet.story("timeline", ({ state }) => state);
const instances = (fleet: MemoryFleet) => fleet.story("instance", ({ instance, state }) => `${instance} ${state}`);

test("a repeated fault begins again and again, and so does the trigger", () => {
  const fleet = fleetOf(fault(latency, { forMs: 4000, repeatMs: 20_000 })).run(55_000);
  expect(turns(fleet)).toEqual(["10000 begin", "14000 end", "30000 begin", "34000 end", "50000 begin", "54000 end"]);
  expect(fleet.triggers()).toEqual([
    "10000 began",
    "14000 gone",
    "30000 returned",
    "34000 gone",
    "50000 returned",
    "54000 gone",
  ]);
  // What counts its requests counts them from each beginning.
  expect(fleet.disturbances.map(({ active }) => active.map(({ sinceMs }) => sinceMs))).toEqual([
    [10_000], [], [30_000], [], [50_000], [],
  ]); // prettier-ignore
});

test("a fault that is over at once can come again too", () => {
  const fleet = fleetOf(fault(crash, { repeatMs: 15_000 }, { instances: { count: 1 } })).run(30_000);
  expect(instances(fleet).filter((line) => line.endsWith("crashed"))).toEqual([
    "10000 shop#0 crashed",
    "25000 shop#0 crashed",
  ]);
});

test("a fault on instances ramps up by taking one after the other", () => {
  const fleet = fleetOf(fault(pause, { forMs: 30_000, rampMs: 8000 })).run();
  expect(instances(fleet)).toEqual([
    "12000 shop#0 paused",
    "14000 shop#1 paused",
    "16000 shop#2 paused",
    "18000 shop#3 paused",
    "40000 shop#0 resumed",
    "40000 shop#1 resumed",
    "40000 shop#2 resumed",
    "40000 shop#3 resumed",
  ]);
  expect(fleet.hits.get(0)).toBe(4);
});

test("a lack of capacity ramps up on all instances together, in twenty steps", () => {
  const fleet = fleetOf(fault(capacity, { forMs: 30_000, rampMs: 20_000 }, { instances: { count: 2 } })).run();
  const words = fleet.commands.map((command) => command.split(" ")).filter(([, what]) => what === "capacity");
  expect(new Set(words.map((each) => each[3]))).toEqual(new Set(["0", "1"]));
  const steps = words
    .filter((each) => each[3] === "0")
    .map(([atMs, , ratio]) => [Number(atMs), Number(ratio)] as const);
  expect(steps.length).toBe(21);
  for (const [step, [atMs, ratio]] of steps.slice(0, 20).entries()) {
    expect(atMs).toBe(11_000 + step * 1000);
    expect(ratio).toBeCloseTo(1 - 0.8 * ((step + 1) / 20), 12);
  }
  expect(steps.at(-1)).toEqual([40_000, 1]);
});

test("a ramp on requests is told once: each request knows how far it has come", () => {
  const fleet = fleetOf(fault(latency, { forMs: 30_000, rampMs: 20_000 })).run();
  expect(fleet.disturbances.map(({ atMs }) => atMs)).toEqual([10_000, 40_000]);
  expect(fleet.disturbances[0]!.active).toMatchObject([{ sinceMs: 10_000, rampMs: 20_000 }]);
});

test("a fault on requests of some instances keeps hold of these, and takes another where one is gone for good", () => {
  const fleet = fleetOf(fault(latency, { forMs: 30_000 }, { instances: { ratio: 0.5 } })).run();
  expect(fleet.disturbances.map(({ atMs, active }) => [atMs, ...active.map((each) => each.instances)])).toEqual([
    [10_000, []],
    [10_000, [0, 1]],
    [40_000],
  ]);
  // It hits requests, not instances.
  expect(fleet.hits.size).toBe(0);
});

test("a conditional fault is there while monitoring sees its condition hold", () => {
  const fleet = fleetOf(fault(latency, { atMs: 0, when: availability(0.9) }), troubled).run();
  // Seconds 5 to 19 are bad; each is seen one monitoring delay after its end.
  expect(turns(fleet)).toEqual(["7000 begin", "22000 end"]);
  expect(fleet.triggers()).toEqual(["7000 began", "22000 gone"]);
});

test("one with a length lasts that long, once, however long its condition holds", () => {
  const fleet = fleetOf(fault(latency, { atMs: 0, forMs: 3000, when: availability(0.9) }), troubled).run();
  expect(turns(fleet)).toEqual(["7000 begin", "10000 end"]);
});

test("one that repeats begins again where its condition then holds", () => {
  const event = fault(latency, { atMs: 0, forMs: 3000, repeatMs: 6000, when: availability(0.9) });
  expect(turns(fleetOf(event, troubled).run())).toEqual([
    "7000 begin", "10000 end", "13000 begin", "16000 end", "19000 begin", "22000 end",
  ]); // prettier-ignore
});

test("a conditional fault waits for its time, and where there is no data it stays as it was", () => {
  const late = fault(latency, { atMs: 12_500, when: availability(0.9) });
  expect(turns(fleetOf(late, troubled).run())[0]).toBe("13000 begin");
  const blind = { ...troubled, missing: (second: number) => (second >= 10 && second < 25 ? "lost" : 0) };
  expect(turns(fleetOf(fault(latency, { atMs: 0, when: availability(0.9) }), blind).run())).toEqual([
    "7000 begin",
    "27000 end",
  ]);
});

test("a condition that never holds is no trigger", () => {
  const fleet = fleetOf(fault(crash, { atMs: 0, when: availability(0.2) }), troubled).run();
  expect([turns(fleet), fleet.triggers(), instances(fleet)]).toEqual([[], [], []]);
});

test("a closed port is opened again when the fault is over", () => {
  const fleet = fleetOf(fault({ kind: "refuse", attributes: {} }, { forMs: 5000 }, { instances: { count: 1 } })).run();
  expect(fleet.commands.slice(4)).toEqual(["10000 refuse 0", "15000 listen 0"]);
});

test("a zone that is out kills what is in it, and what comes into it, until it is over", () => {
  const outage = fault({ kind: "zoneOutage", attributes: {} }, { forMs: 20_000 }, { on: { type: "zone", zone: 1 } });
  const plan = smallPlan({ replicasPerZone: [1, 2], timeline: [outage], endMs: 60_000 });
  const fleet = new MemoryFleet(plan).run();
  expect(instances(fleet)).toEqual([
    "10000 shop#1 crashed",
    "10000 shop#2 crashed",
    "30000 shop#1 starting",
    "30000 shop#2 starting",
    "35000 shop#1 ready",
    "35000 shop#2 ready",
  ]);
  expect(fleet.hits.get(0)).toBe(2);
});

test("restarted instances end gracefully and start again, the next generation of the same", () => {
  const event = fault({ kind: "restart", attributes: {} }, {}, { instances: { count: 2 } });
  const fleet = fleetOf(event, { drainMs: 2000 }).run();
  expect(instances(fleet)).toEqual([
    "10000 shop#0 stopping",
    "10000 shop#1 stopping",
    // One discovery delay, and two seconds to drain.
    "13000 shop#0 stopped",
    "13000 shop#0 starting",
    "13000 shop#1 stopped",
    "13000 shop#1 starting",
    "18000 shop#0 ready",
    "18000 shop#1 ready",
  ]);
  expect(fleet.commands.slice(4)).toEqual(["11000 stop 0", "11000 stop 1", "13000 start 0.1", "13000 start 1.1"]);
});

test("instances that start while it lasts take longer", () => {
  const slow = fault({ kind: "slowStart", attributes: { times: 4 } }, { forMs: 10_000 });
  const plan = smallPlan({ replicasPerZone: [2], timeline: [slow], endMs: 60_000 });
  const fleet = new MemoryFleet(plan);
  fleet.at(12_000, () => fleet.crash(0)).at(25_000, () => fleet.crash(1));
  fleet.run();
  expect(instances(fleet).filter((line) => line.endsWith("ready"))).toEqual([
    "30000 shop#1 ready",
    "32000 shop#0 ready",
  ]);
  expect(fleet.hits.get(0)).toBe(1);
});

test("what a fault wants of an instance's own machines is told to it, and told again after a crash", () => {
  const attributes = { rate: { bytes: 3_000_000, per: 1000 } };
  const fleet = fleetOf(fault({ kind: "memoryLeak", attributes }, { forMs: 20_000 }, { instances: { count: 1 } }));
  fleet.at(12_000, () => fleet.crash(0)).run();
  expect(fleet.commands.slice(4)).toEqual([
    "10000 leak 3000 0",
    "12000 start 0.1",
    "12000 leak 3000 0.1",
    "30000 leak 0 0.1",
  ]);
});

test("the least of several limits holds, and none when they are over", () => {
  const limit = (to: number, forMs: number) =>
    fault({ kind: "connectionLimit", attributes: { to } }, { forMs }, { instances: { count: 1 } });
  const plan = smallPlan({ replicasPerZone: [1], timeline: [limit(50, 20_000), limit(10, 5000)], endMs: 60_000 });
  expect(new MemoryFleet(plan).run().commands.slice(1)).toEqual([
    "10000 limitConnections 10 0",
    "15000 limitConnections 50 0",
    "30000 limitConnections  0",
  ]);
});

test("caches are flushed once", () => {
  const fleet = fleetOf(fault({ kind: "cacheFlush", attributes: {} })).run();
  expect(fleet.commands.slice(4)).toEqual(["10000 flush 0", "10000 flush 1", "10000 flush 2", "10000 flush 3"]);
  expect(fleet.hits.get(0)).toBe(4);
});

test("an instance that fails readiness is withdrawn, also when it has started again, and comes back in the end", () => {
  const event = fault({ kind: "failReadiness", attributes: {} }, { forMs: 20_000 }, { instances: { count: 1 } });
  const fleet = fleetOf(event);
  fleet.at(12_000, () => fleet.crash(0)).run();
  expect(instances(fleet)).toEqual([
    "10000 shop#0 unready",
    "12000 shop#0 crashed",
    "12000 shop#0 starting",
    "17000 shop#0 ready",
    "17000 shop#0 unready",
    "30000 shop#0 ready",
  ]);
  expect(fleet.latestRoute().endpoints.length).toBe(4);
});

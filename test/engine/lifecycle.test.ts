import { expect, test } from "vitest";
import type { FaultPlan, FaultScope, TimelineEventPlan } from "../../harness/model/release-plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";

const everyone: FaultScope = {
  on: { type: "service", service: 0, operation: null },
  variant: null,
  zone: null,
  share: 1,
  instances: null,
};

const fault = (
  atMs: number,
  forMs: number | null,
  plan: Omit<FaultPlan, "scope">,
  scope: Partial<FaultScope> = {},
): TimelineEventPlan => ({
  do: "fault",
  atMs,
  forMs,
  background: false,
  fault: { ...plan, scope: { ...everyone, ...scope } },
});

const crash = { kind: "crash", attributes: {} };
const pause = { kind: "pause", attributes: {} };
const capacity = (to: number) => ({ kind: "capacity", attributes: { to } });
const latency = { kind: "latency", attributes: { add: { kind: "constant", ms: 500 } } };

const instances = (fleet: MemoryFleet) => fleet.story("instance", ({ instance, state }) => `${instance} ${state}`);
const endpoints = (fleet: MemoryFleet) =>
  fleet.routes.map(
    ({ atMs, route }) => `${atMs}: ${route.endpoints.map(({ id, generation }) => `${id}.${generation}`).join(" ")}`,
  );

test("the initial fleet is ready and known to its callers at once, its instances taking turns over the zones", () => {
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [3, 1], timeline: [] }));
  expect([...fleet.processes.values()].map(({ ref, isReady }) => [ref.id, ref.zone, isReady])).toEqual([
    [0, 0, true],
    [1, 1, true],
    [2, 0, true],
    [3, 0, true],
  ]);
  expect(endpoints(fleet)).toEqual(["0: 0.0 1.0 2.0 3.0"]);
  expect(fleet.conductor.nextWakeup()).toBe(Infinity);
});

test("a crashed instance starts again as the next generation, ready after its start-up time", () => {
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [2], timeline: [], startupMs: 20_000 }));
  fleet.at(5500, () => fleet.crash(1)).run(60_000);
  expect(instances(fleet)).toEqual(["5500 shop#1 crashed", "5500 shop#1 starting", "25500 shop#1 ready"]);
  // Callers learn of the crash, and of the return, one discovery delay later.
  expect(endpoints(fleet)).toEqual(["0: 0.0 1.0", "6500: 0.0", "26500: 0.0 1.1"]);
});

test("ready means that the process is there and that its start-up is over, whichever comes last", () => {
  const slow = new MemoryFleet(smallPlan({ replicasPerZone: [1], timeline: [], startupMs: 2000 }), {
    upMs: () => 9000,
  });
  slow.at(1000, () => slow.crash(0)).run(60_000);
  expect(instances(slow).at(-1)).toBe("10000 shop#0 ready");
  const quick = new MemoryFleet(smallPlan({ replicasPerZone: [1], timeline: [], startupMs: 9000 }), {
    upMs: () => 2000,
  });
  quick.at(1000, () => quick.crash(0)).run(60_000);
  expect(instances(quick).at(-1)).toBe("10000 shop#0 ready");
});

test("a report about an old generation is not heard", () => {
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [1], timeline: [] }), { upMs: () => Infinity });
  fleet.at(1000, () => fleet.crash(0));
  fleet.at(2000, () => {
    fleet.conductor.gone(2000, 0, 0, "crashed");
    fleet.conductor.up(2000, 0, 0);
  });
  fleet.run(60_000);
  expect(instances(fleet)).toEqual(["1000 shop#0 crashed", "1000 shop#0 starting"]);
});

test("changes at one instant reach callers together, later ones after them, each exactly as it was", () => {
  const fleet = new MemoryFleet(
    smallPlan({ replicasPerZone: [4], timeline: [], discoveryDelayMs: 700, startupMs: 60_000 }),
  );
  fleet
    .at(1000, () => fleet.crash(0))
    .at(1000, () => fleet.crash(1))
    .at(1300, () => fleet.crash(2))
    .run(10_000);
  expect(endpoints(fleet)).toEqual(["0: 0.0 1.0 2.0 3.0", "1700: 2.0 3.0", "2000: 3.0"]);
});

test("a crash fault kills what matches, once, and counts it", () => {
  const timeline = [fault(4000, 60_000, crash, { zone: 1 })];
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [1, 2], timeline })).run(60_000);
  expect(fleet.commands.filter((each) => each.includes("kill"))).toEqual(["4000 kill 1", "4000 kill 2"]);
  expect(fleet.hits).toEqual(new Map([[0, 2]]));
  expect(fleet.variants()).toEqual([3, 0]);
  // It acts only by arriving: restarting afterwards is recovery.
  expect(fleet.triggers()).toEqual(["4000 began", "4000 gone"]);
  expect(fleet.story("timeline", ({ state }) => state)).toEqual(["4000 begin"]);
});

test("two crash faults at one instant kill an instance once", () => {
  const timeline = [fault(4000, null, crash), fault(4000, null, crash)];
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [1], timeline })).run(60_000);
  expect(fleet.commands.filter((each) => each.includes("kill"))).toEqual(["4000 kill 0"]);
});

test("a pause lasts its time, and a process that starts meanwhile stands still too", () => {
  const timeline = [fault(4000, 10_000, pause, { on: { type: "instance", service: 0, ordinal: 1 } })];
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [3], timeline }), { upMs: () => 500 });
  fleet.at(6000, () => fleet.crash(1)).run(60_000);
  expect(fleet.commands.slice(3)).toEqual(["4000 pause 1", "6000 start 1.1", "6500 pause 1.1", "14000 resume 1.1"]);
  expect(fleet.hits).toEqual(new Map([[0, 1]]));
  expect(fleet.triggers()).toEqual(["4000 began", "14000 gone"]);
});

test("shares of CPU multiply, and each is given back when its fault is over", () => {
  const timeline = [fault(1000, 10_000, capacity(0.5)), fault(2000, 3000, capacity(0.6))];
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [1], timeline })).run(60_000);
  expect(fleet.commands.slice(1)).toEqual([
    "1000 capacity 0.5 0",
    "2000 capacity 0.3 0",
    "5000 capacity 0.5 0",
    "11000 capacity 1 0",
  ]);
});

test("`instances` limits a fault by number or by ratio, rounded up", () => {
  const limited = (instanceLimit: FaultScope["instances"]) => {
    const timeline = [fault(1000, null, capacity(0.5), { instances: instanceLimit })];
    return new MemoryFleet(smallPlan({ replicasPerZone: [5, 5], timeline })).run(5000).hits.get(0);
  };
  expect(limited({ count: 3 })).toBe(3);
  expect(limited({ count: 30 })).toBe(10);
  expect(limited({ ratio: 0.3 })).toBe(3);
  expect(limited({ ratio: 0.31 })).toBe(4);
});

test("a fault on a version hits its instances as they start", () => {
  const timeline: TimelineEventPlan[] = [
    fault(1000, null, capacity(0.5), { variant: 1 }),
    { do: "release", atMs: 10_000, version: 0, background: false },
  ];
  const fleet = new MemoryFleet(
    smallPlan({ replicasPerZone: [2], timeline, rollout: { kind: "everywhere", overMs: 0 } }),
  ).run(60_000);
  expect(fleet.commands.filter((each) => each.includes("capacity"))).toEqual([
    "10000 capacity 0.5 2",
    "10000 capacity 0.5 3",
  ]);
  expect(fleet.hits).toEqual(new Map([[0, 2]]));
});

test("disturbances of requests are in force from begin to end, those of one time together", () => {
  const timeline = [
    fault(1000, 5000, latency, { share: 0.2 }),
    fault(2000, 1000, { kind: "error", attributes: { status: 503 } }),
  ];
  const fleet = new MemoryFleet(smallPlan({ timeline })).run(60_000);
  expect(fleet.disturbances.map(({ atMs, active }) => [atMs, active.map(({ timeline: from }) => from)])).toEqual([
    [1000, [0]],
    [2000, [0, 1]],
    [3000, [0]],
    [6000, []],
  ]);
  expect(fleet.disturbances[0]!.active[0]).toEqual({
    timeline: 0,
    sinceMs: 1000,
    disturbance: { on: "request", do: "delay", time: { kind: "constant", ms: 500 } },
    scope: { ...everyone, share: 0.2 },
  });
});

test("a background fault is no trigger", () => {
  const background = { ...fault(1000, 5000, latency), background: true };
  const fleet = new MemoryFleet(smallPlan({ timeline: [background] })).run(60_000);
  expect(fleet.triggers()).toEqual([]);
  expect(fleet.story("timeline", ({ state }) => state)).toEqual(["1000 begin", "6000 end"]);
});

test("several triggers: the first begins, and each return is told", () => {
  const timeline = [fault(1000, 5000, latency), fault(4000, 4000, latency), fault(20_000, null, crash)];
  const fleet = new MemoryFleet(smallPlan({ timeline })).run(60_000);
  expect(fleet.triggers()).toEqual(["1000 began", "8000 gone", "20000 returned", "20000 gone"]);
});

test("a version that changes nothing acts only by arriving", () => {
  const plan = smallPlan({ replicasPerZone: [2], rollout: { kind: "recreate" }, isHarmless: true });
  const fleet = new MemoryFleet(plan).run(60_000);
  expect(fleet.phases()).toEqual(["10000 progressing", "16000 succeeded"]);
  expect(fleet.triggers()).toEqual(["10000 began", "16000 gone"]);
});

test("a bad version is gone when its last instance has drained, though the former one is still starting", () => {
  const responses = [{ when: { type: "at", atMs: 50_000 }, by: null, actions: ["rollback"] }] as const;
  const plan = smallPlan({ replicasPerZone: [2], rollout: { kind: "recreate" }, responses });
  const fleet = new MemoryFleet(plan, { drainMs: 3000 }).run();
  expect(fleet.triggers()).toEqual(["10000 began", "54000 gone"]);
  expect(fleet.phases().slice(-2)).toEqual(["50000 rollingBack", "59000 rolledBack"]);
});

test("a version that is released once more is rolled back to what was there before it", () => {
  const timeline: TimelineEventPlan[] = [
    { do: "release", atMs: 10_000, version: 0, background: false },
    { do: "release", atMs: 100_000, version: 0, background: false },
  ];
  const responses = [{ when: { type: "at", atMs: 150_000 }, by: null, actions: ["rollback"] }] as const;
  const fleet = new MemoryFleet(smallPlan({ timeline, responses, rollout: { kind: "recreate" } })).run();
  expect(fleet.variants()).toEqual([4, 0]);
  expect(fleet.triggers()).toEqual(["10000 began", "151000 gone"]);
});

test("a second release of a service takes over from the first", () => {
  const timeline: TimelineEventPlan[] = [
    { do: "release", atMs: 10_000, version: 0, background: false },
    { do: "release", atMs: 12_000, version: 0, background: false },
  ];
  const fleet = new MemoryFleet(smallPlan({ timeline, rollout: { kind: "recreate" } })).run();
  expect(fleet.phases()).toEqual(["10000 progressing", "12000 stopped", "12000 progressing", "16000 succeeded"]);
  expect(fleet.variants()).toEqual([0, 4]);
});

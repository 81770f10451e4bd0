import { describe, expect, test } from "vitest";
import type { RolloutPlan } from "../../harness/model/release-plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";

const rollBackAt = (atMs: number) => ({ when: { type: "at", atMs }, by: null, actions: ["rollback"] }) as const;

const strategies: Record<string, RolloutPlan> = {
  everywhere: { kind: "everywhere", overMs: 0 },
  "everywhere over a time": { kind: "everywhere", overMs: 8000 },
  linear: { kind: "linear", step: 30, everyMs: 5000, upTo: 100 },
  recreate: { kind: "recreate" },
  rollingUpdate: {
    kind: "rollingUpdate",
    maxSurge: { ratio: 0.25 },
    maxUnavailable: { ratio: 0.25 },
    minReadyMs: 3000,
  },
  canary: {
    kind: "canary",
    steps: [
      { do: "weight", weight: 5 },
      { do: "pause", forMs: 20_000 },
      { do: "weight", weight: 50 },
    ],
    scaleDownDelayMs: 30_000,
  },
  staged: {
    kind: "staged",
    by: "zone",
    order: [1, 0],
    bakeMs: 20_000,
    analysis: null,
    maxSurge: { ratio: 0.25 },
    maxUnavailable: { ratio: 0.25 },
  },
};

describe.each(Object.entries(strategies))("%s", (_name, rollout) => {
  test("brings the new version to every instance, spread over the zones", () => {
    const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [3, 3], rollout }), { drainMs: 2000 }).run();
    expect(fleet.variants()).toEqual([0, 6]);
    expect([...fleet.processes.values()].map(({ ref }) => ref.zone).toSorted((a, b) => a - b)).toEqual([
      0, 0, 0, 1, 1, 1,
    ]);
    expect(fleet.latestRoute().endpoints.map(({ variant }) => variant)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(fleet.latestRoute().weights).toBeNull();
    expect(fleet.phases().at(-1)).toMatch(/succeeded$/);
    expect(fleet.triggers()).toEqual(["10000 began"]);
  });

  test("rolls back to the former version after it has succeeded", () => {
    const plan = smallPlan({ replicasPerZone: [3, 3], rollout, responses: [rollBackAt(300_000)] });
    const fleet = new MemoryFleet(plan, { drainMs: 2000 }).run();
    expect(fleet.variants()).toEqual([6, 0]);
    expect(fleet.latestRoute().weights).toBeNull();
    expect(
      fleet
        .phases()
        .slice(-2)
        .map((each) => each.split(" ")[1]),
    ).toEqual(["rollingBack", "rolledBack"]);
    expect(fleet.story("action", ({ by, cause }) => `${by} ${cause}`)).toEqual(["300000 null schedule: 300 s"]);
    expect(fleet.triggers()[0]).toBe("10000 began");
    expect(fleet.triggers()).toHaveLength(2);
    expect(fleet.triggers()[1]).toMatch(/gone$/);
  });

  test.each([10_500, 12_000, 15_500, 16_000, 17_000, 25_000, 40_000, 70_000])(
    "rolls back from wherever it is after %i ms",
    (atMs) => {
      const plan = smallPlan({ replicasPerZone: [3, 3], rollout, responses: [rollBackAt(atMs)] });
      const fleet = new MemoryFleet(plan, { drainMs: 2000 }).run();
      expect(fleet.variants()).toEqual([6, 0]);
      expect([...fleet.processes.values()].map(({ ref }) => ref.zone).toSorted((a, b) => a - b)).toEqual([
        0, 0, 0, 1, 1, 1,
      ]);
      expect(fleet.latestRoute().endpoints).toHaveLength(6);
      expect(fleet.phases().at(-1)).toMatch(/rolledBack$/);
      expect(fleet.triggers()).toHaveLength(2);
    },
  );

  test("survives a crash of any instance on the way", () => {
    for (let atMs = 10_500; atMs < 90_000; atMs += 1700) {
      const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [3, 3], rollout }), { drainMs: 2000 });
      fleet.at(atMs, () => fleet.crash([...fleet.processes.keys()].at(-1)!));
      fleet.run(500_000);
      expect(fleet.variants()).toEqual([0, 6]);
      expect(fleet.latestRoute().endpoints).toHaveLength(6);
    }
  });
});

test("recreate stops everything, waits until it is gone, and only then starts", () => {
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [2], rollout: { kind: "recreate" } }), { drainMs: 4000 });
  fleet.run();
  expect(fleet.commands).toEqual([
    "0 start 0",
    "0 start 1",
    // Released at 10 s; the callers know one discovery delay later.
    "11000 stop 0",
    "11000 stop 1",
    "15000 start 2",
    "15000 start 3",
  ]);
  expect(fleet.story("instance", ({ instance, state }) => `${instance} ${state}`)).toEqual([
    "10000 shop#0 stopping",
    "10000 shop#1 stopping",
    "15000 shop#0 stopped",
    "15000 shop#1 stopped",
    "15000 shop#2 starting",
    "15000 shop#3 starting",
    "20000 shop#2 ready",
    "20000 shop#3 ready",
  ]);
  expect(fleet.phases()).toEqual(["10000 progressing", "20000 succeeded"]);
});

test("everywhere spreads its starts evenly, and stops each old instance when its successor is ready", () => {
  const rollout = { kind: "everywhere", overMs: 4000 } as const;
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [4], rollout })).run();
  expect(fleet.commands.slice(4)).toEqual([
    "10000 start 4",
    "11000 start 5",
    "12000 start 6",
    "13000 start 7",
    "16000 stop 0",
    "17000 stop 1",
    "18000 stop 2",
    "19000 stop 3",
  ]);
});

test("an instance that does not drain is killed when its grace is over", () => {
  const plan = smallPlan({ replicasPerZone: [1], rollout: { kind: "recreate" }, graceMs: 7000 });
  const fleet = new MemoryFleet(plan, { drainMs: Infinity }).run();
  expect(fleet.commands).toEqual(["0 start 0", "11000 stop 0", "18000 kill 0", "18000 start 1"]);
});

test("staged bakes each zone in its order before it touches the next", () => {
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [2, 2], rollout: strategies["staged"]! })).run();
  const starts = fleet
    .story("instance", ({ state, zone }) => `${state} ${zone}`)
    .filter((each) => each.includes(" starting"));
  expect(starts.map((each) => each.split(" ")[2])).toEqual(["z1", "z1", "z0", "z0"]);
  expect(fleet.phases().map((each) => each.split(" ")[1])).toEqual([
    "progressing",
    "baking",
    "progressing",
    "baking",
    "succeeded",
  ]);
});

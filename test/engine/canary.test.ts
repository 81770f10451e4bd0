import { expect, test } from "vitest";
import type { AnalysisPlan, RolloutPlan } from "../../harness/model/release-plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";

const canary = (...steps: Extract<RolloutPlan, { kind: "canary" }>["steps"]): RolloutPlan => ({
  kind: "canary",
  steps,
  scaleDownDelayMs: 30_000,
});

const health: AnalysisPlan = {
  name: "health",
  intervalMs: 10_000,
  count: 3,
  failureLimit: 1,
  initialDelayMs: 0,
  onNoData: "pause",
  metrics: [
    {
      metric: "services.shop@v2.availability",
      overMs: 10_000,
      limit: { atLeast: 0.9, atMost: null, relativeToStable: false },
    },
  ],
};

const weights = (fleet: MemoryFleet) => fleet.story("weight", ({ version, weight }) => `${version} ${weight}`);

test("weights move one discovery delay after the instances for them are ready", () => {
  const rollout = canary({ do: "weight", weight: 5 }, { do: "pause", forMs: 60_000 }, { do: "weight", weight: 50 });
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [4], rollout })).run();
  expect(weights(fleet)).toEqual(["16000 v2 5", "81000 v2 50", "86000 v2 100"]);
  expect(fleet.phases()).toEqual([
    "10000 progressing",
    "15000 paused",
    "75000 progressing",
    "80000 promoting",
    "85000 promoting",
    "116000 succeeded",
  ]);
});

test("before its first weight the new version gets no request, though it is ready", () => {
  const rollout = canary({ do: "weight", weight: 50 }, { do: "hold" });
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [4], rollout }), {
    upMs: ({ id }) => (id === 5 ? 20_000 : 0),
  }).run();
  const between = fleet.routes.filter(({ atMs }) => atMs > 10_000 && atMs < 31_000);
  expect(between.map(({ route }) => route.weights)).toEqual([
    [100, 0],
    [100, 0],
  ]);
  expect(between.at(-1)!.route.endpoints.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  expect(weights(fleet)).toEqual(["31000 v2 50"]);
  expect(fleet.phases().at(-1)).toBe("30000 paused");
});

test("a canary has the share of instances that its weight asks for, rounded up, spread over the zones", () => {
  const rollout = canary({ do: "weight", weight: 21 }, { do: "hold" });
  const fleet = new MemoryFleet(smallPlan({ replicasPerZone: [4, 4, 2], rollout })).run(60_000);
  const zones = [...fleet.processes.values()].filter(({ ref }) => ref.variant === 1).map(({ ref }) => ref.zone);
  expect(zones).toEqual([0, 1, 0]);
  expect(fleet.variants()).toEqual([10, 3]);
});

test("a pause by requests ends when monitoring has seen so many of the new version", () => {
  const rollout = canary({ do: "weight", weight: 10 }, { do: "pauseRequests", minRequests: 95 }, { do: "hold" });
  const fleet = new MemoryFleet(smallPlan({ rollout })).run(60_000);
  // Paused at 15 s, weighted from 16 s on, 10 requests a second: the tenth such bucket ends at 26 s and is seen at 27 s.
  expect(fleet.phases()).toEqual(["10000 progressing", "15000 paused", "27000 paused"]);
});

test("a rollback takes the weight away at once and the canary 30 s later", () => {
  const rollout = canary({ do: "weight", weight: 25 }, { do: "hold" });
  const responses = [{ when: { type: "at", atMs: 50_000 }, by: null, actions: ["rollback"] }] as const;
  const fleet = new MemoryFleet(smallPlan({ rollout, responses })).run();
  expect(weights(fleet)).toEqual(["16000 v2 25", "51000 v2 0"]);
  expect(fleet.commands.slice(-1)).toEqual(["81000 stop 4"]);
  expect(fleet.triggers()).toEqual(["10000 began", "81000 gone"]);
});

test("the 30 s that an aborted canary stays are control time", () => {
  const rollout = canary({ do: "weight", weight: 25 }, { do: "hold" });
  const responses = [{ when: { type: "at", atMs: 50_000 }, by: null, actions: ["rollback"] }] as const;
  const fleet = new MemoryFleet(smallPlan({ rollout, responses, compress: 10 })).run();
  expect(fleet.commands.slice(-1)).toEqual(["54000 stop 4"]);
});

test("a gate that fails before the first weight leaves no trigger behind: nothing came, and nothing will", () => {
  const gate = { ...health.metrics[0]!, metric: "services.shop.availability" };
  const rollout = canary({ do: "analysis", analysis: 0 }, { do: "weight", weight: 25 });
  const plan = smallPlan({ rollout, analyses: [{ ...health, metrics: [gate] }] });
  const fleet = new MemoryFleet(plan, { bad: () => 0.5 }).run();
  expect(fleet.phases()).toEqual(["10000 baking", "30000 held"]);
  expect(fleet.triggers()).toEqual(["10000 began", "30000 gone"]);
});

test("a release that overtakes a promotion restores the former version before it takes anything away", () => {
  const plan = smallPlan({ rollout: canary({ do: "weight", weight: 50 }) });
  const [shop] = plan.services;
  const v3 = { ...shop!.variants[1]!, version: "v3" };
  const overtaken = {
    ...plan,
    services: [{ ...shop!, variants: [...shop!.variants, v3] }],
    versions: [...plan.versions, { name: "v3", service: 0, variant: 2, isHarmless: false }],
    // The old instances of the first release begin to go at 50 s.
    timeline: [plan.timeline[0]!, { do: "release", atMs: 50_500, version: 1, background: false } as const],
  };
  const fleet = new MemoryFleet(overtaken, { drainMs: 20_000 }).run();
  const ready = fleet.routes.filter(({ atMs }) => atMs >= 50_000).map(({ route }) => route);
  for (const { endpoints, weights } of ready) {
    const served = endpoints.filter(({ variant }) => weights === null || weights[variant]! > 0);
    expect(served.length).toBeGreaterThanOrEqual(4);
  }
  expect(fleet.variants()).toEqual([0, 0, 4]);
});

test("a gate that passes lets the canary go on", () => {
  const rollout = canary({ do: "weight", weight: 25 }, { do: "analysis", analysis: 0 }, { do: "hold" });
  const fleet = new MemoryFleet(smallPlan({ rollout, analyses: [health] })).run(60_000);
  expect(fleet.story("measurement", ({ result, value }) => `${result} ${value}`)).toEqual([
    "25000 passed 1",
    "35000 passed 1",
    "45000 passed 1",
  ]);
  expect(fleet.story("gate", ({ result }) => result)).toEqual(["45000 passed"]);
  expect(fleet.phases()).toEqual(["10000 progressing", "15000 baking", "45000 paused"]);
});

test("a failed gate holds the rollout where it is, and only a rule moves it", () => {
  const rollout = canary({ do: "weight", weight: 25 }, { do: "analysis", analysis: 0 });
  const bad = (variant: number) => (variant === 1 ? 0.5 : 0);
  const held = new MemoryFleet(smallPlan({ rollout, analyses: [health] }), { bad }).run();
  expect(held.story("gate", ({ result }) => result)).toEqual(["35000 failed"]);
  expect(held.phases()).toEqual(["10000 progressing", "15000 baking", "35000 held"]);
  expect(held.variants()).toEqual([4, 1]);
  expect(held.triggers()).toEqual(["10000 began"]);

  const responses = [{ when: { type: "analysis" }, by: null, actions: ["rollback"] }] as const;
  const rolledBack = new MemoryFleet(smallPlan({ rollout, analyses: [health], responses }), { bad }).run();
  expect(rolledBack.story("action", ({ cause }) => cause)).toEqual(["35000 failed gate"]);
  expect(rolledBack.phases().slice(-2)).toEqual(["35000 rollingBack", "66000 rolledBack"]);
  expect(rolledBack.variants()).toEqual([4, 0]);
});

test("a gate without data pauses the rollout for good, or fails, or looks away, as it was told", () => {
  const rollout = canary({ do: "weight", weight: 25 }, { do: "analysis", analysis: 0 }, { do: "hold" });
  const missing = (second: number) => (second === 20 ? 1 : 0);
  const last = (onNoData: "abort" | "pause" | "ignore") => {
    const fleet = new MemoryFleet(smallPlan({ rollout, analyses: [{ ...health, onNoData }] }), { missing }).run();
    return [...fleet.story("gate", ({ result }) => result), fleet.phases().at(-1)];
  };
  expect(last("pause")).toEqual(["25000 inconclusive", "25000 paused"]);
  expect(last("abort")).toEqual(["25000 failed", "25000 held"]);
  expect(last("ignore")).toEqual(["45000 passed", "45000 paused"]);
});

test("a limit relative to the stable version compares both over the same time", () => {
  const metric = { ...health.metrics[0]!, limit: { atLeast: 0.9, atMost: null, relativeToStable: true } };
  const rollout = canary({ do: "weight", weight: 25 }, { do: "analysis", analysis: 0 });
  const gate = (newBad: number) => {
    const bad = (variant: number) => (variant === 1 ? newBad : 0.5);
    const plan = smallPlan({ rollout, analyses: [{ ...health, metrics: [metric] }] });
    return new MemoryFleet(plan, { bad }).run(60_000).story("gate", ({ result }) => result);
  };
  // The stable version answers half of its requests well: 0.9 of that is 0.45.
  expect(gate(0.54)).toEqual(["45000 passed"]);
  expect(gate(0.56)).toEqual(["35000 failed"]);
});

test("a gate during a bake stops a staged rollout in its first zone", () => {
  const rollout: RolloutPlan = {
    kind: "staged",
    by: "zone",
    order: [0, 1],
    bakeMs: 60_000,
    analysis: 0,
    maxSurge: { count: 1 },
    maxUnavailable: { count: 0 },
  };
  const plan = smallPlan({ replicasPerZone: [1, 3], rollout, analyses: [health] });
  const fleet = new MemoryFleet(plan, { bad: (variant) => (variant === 1 ? 1 : 0) }).run();
  expect(fleet.variants()).toEqual([3, 1]);
  expect(fleet.phases().at(-1)).toMatch(/held$/);

  const passed = new MemoryFleet(plan).run();
  // Ready at 15 s, old one gone at 16 s; the gate passes at 46 s, and the bake lasts until 76 s all the same.
  expect(passed.phases().slice(0, 4)).toEqual([
    "10000 progressing",
    "16000 baking",
    "46000 baking",
    "76000 progressing",
  ]);
});

// What is larger than the flat simulator's memory runs on the actors; what one event decides may be much.
import { expect, test } from "vitest";
import type { CallPlan } from "../../../harness/model/call-plan.ts";
import type { Plan } from "../../../harness/model/plan.ts";
import { isFlat } from "../../../harness/sim/flat/is-flat.ts";
import { calling, fleetPlan } from "../../actor/fleet-plan.ts";
import { call, constant, variantPlan, wait, work } from "../../service/variant-plan.ts";
import { differenceOf, differencesIn } from "./same-bytes.ts";

/** One service of so many operations, each with so many steps. */
function stepsOf(operations: number, steps: number): Plan {
  const list = { steps: Array.from({ length: steps }, () => work(1)) };
  return fleetPlan([variantPlan([], { operations: Array.from({ length: operations }, () => list) })]);
}

/** One service that calls another by so many policies. */
function policiesOf(policies: number, replicas: number, policy: (index: number) => Partial<CallPlan>): Plan {
  const calls = Array.from({ length: policies }, (_, index) => calling(1, policy(index)));
  const caller = variantPlan([call()], { calls });
  return fleetPlan([{ variants: [caller], replicasPerZone: [replicas] }, variantPlan([work(1)])]);
}

/** A service of so many instances, of which a version is released so many times. */
function releasesOf(replicas: number, releases: number): Plan {
  const member = { variants: [variantPlan([work(1)]), variantPlan([work(1)])], replicasPerZone: [replicas] };
  const release = (_: unknown, index: number): Plan["timeline"][number] => ({
    do: "release",
    atMs: 100 * index,
    version: 0,
    background: false,
  });
  return fleetPlan([member], {
    versions: [{ name: "next", service: 0, variant: 1, isHarmless: false }],
    timeline: Array.from({ length: releases }, release),
  });
}

test.each([
  ["steps", stepsOf(26, 10_000), stepsOf(27, 10_000)],
  ["operations", stepsOf(262_144, 0), stepsOf(262_145, 0)],
  [
    "attempt timeouts",
    policiesOf(4096, 1, (index) => ({ attemptTimeoutMs: index + 1 })),
    policiesOf(4097, 1, (index) => ({ attemptTimeoutMs: index + 1 })),
  ],
  ["call policies", policiesOf(52, 20_000, () => ({})), policiesOf(53, 20_000, () => ({}))],
  ["instances", releasesOf(20_000, 2), releasesOf(20_000, 3)],
])("a plan of more %s than there is memory for is not flat", (_, largest, tooLarge) => {
  expect(isFlat(largest)).toBe(true);
  expect(isFlat(tooLarge)).toBe(false);
});

test("an instance may die with more calls under way than anything else decides at once", () => {
  const back = variantPlan([wait(60_000)], { pool: { model: "threads", concurrency: null, queueCapacity: null } });
  const front = { ...back, operations: [{ steps: [call()] }], calls: [calling(1)], terminationGraceMs: 0 };
  const plan = fleetPlan([{ variants: [front, { ...front, startupMs: constant(60_000) }] }, back], {
    endMs: 3000,
    load: { arrivals: "constant", rate: [{ atMs: 0, ratePerSecond: 20_000 }] },
    versions: [{ name: "next", service: 0, variant: 1, isHarmless: false }],
    timeline: [{ do: "release", atMs: 2000, version: 0, background: false }],
    rollout: { kind: "recreate" },
  });
  expect(differenceOf(plan)).toEqual([]);
});

test("all who waited for one worker may begin at once, however many they are", () => {
  const topology = {
    topology: "blocked",
    services: {
      front: {
        pool: { concurrency: 1, model: "async", queue: { capacity: "unlimited" } },
        operations: { long: [{ work: "1.7s" }], short: [{ call: "back" }] },
      },
      back: { operations: { get: [{ wait: "1ms" }] } },
    },
  };
  const load = { arrivals: "constant", calls: { front: { attemptTimeout: "none" } } };
  const objective = { good: "99%", within: "1s" };
  const scenario = {
    scenario: "blocked",
    topology: "topology.yaml",
    warmUp: "0s",
    duration: "2s",
    journeys: { long: { start: "front.long", objective }, short: { start: "front.short", objective } },
    load: {
      one: { ...load, journey: "long", rate: "10/s", stages: [{ at: "100ms", rate: "0/s" }] },
      many: { ...load, journey: "short", rate: "20000/s" },
    },
  };
  const files = { "scenario.yaml": JSON.stringify(scenario), "topology.yaml": JSON.stringify(topology) };
  expect(differencesIn(files)).toEqual([]);
});

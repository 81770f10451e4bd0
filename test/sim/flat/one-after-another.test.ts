// The flat simulator's memory serves one run after another in the same thread: whatever became of one, the next finds
// nothing of it.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../../harness/model/plan.ts";
import { FlatSimulation } from "../../../harness/sim/flat/flat-simulation.ts";
import { generatedScenario } from "./generated-scenario.ts";
import { differenceOf, differencesIn, plansOf } from "./same-bytes.ts";

const BROKEN = new Error("the disk is full");

test("an instance that is killed as a run ends is not counted in the next run", () => {
  const plan = replaced("1s");
  expect(differenceOf(plan)).toEqual([]);
  expect(differenceOf(plan)).toEqual([]);
});

test("a run that broke off in the middle of a bucket leaves nothing to the next", () => {
  const plan = replaced("500ms");
  const broken = new FlatSimulation(plan, {
    begin: () => {},
    bucket: () => {},
    event: ({ kind, atMs }) => {
      if (kind === "instance" && atMs > 3000) throw BROKEN;
    },
    end: () => {},
  });
  expect(() => runAll(broken)).toThrow(BROKEN);
  expect(differenceOf(plan)).toEqual([]);
});

test("a run that was interrupted after any bucket leaves nothing to the next", () => {
  fc.assert(
    fc.property(generatedScenario, generatedScenario, fc.integer({ min: 0, max: 5 }), (first, second, buckets) => {
      for (const plan of plansOf(first)) interrupt(plan, buckets);
      expect(differencesIn(second)).toEqual([]);
    }),
    { numRuns: 20, endOnFailure: true },
  );
}, 120_000);

/** One instance that waits for a slow service is replaced at 2 s: told to stop when callers know, at 3 s, and killed, full of requests, when its grace is over. */
function replaced(terminationGrace: string): Plan {
  const wait = (time: string) => ({ get: [{ wait: time }] });
  const topology = {
    topology: "replaced",
    services: {
      back: { replicas: 2, pool: { concurrency: "unlimited" }, operations: wait("5s") },
      front: {
        replicas: 1,
        pool: { concurrency: "unlimited" },
        terminationGrace,
        operations: { get: [{ wait: "10ms" }, { call: "back.get" }] },
        calls: { back: { attemptTimeout: "3s" } },
      },
    },
  };
  const scenario = {
    scenario: "replaced",
    topology: "topology.yaml",
    warmUp: "0s",
    duration: "4s",
    journeys: { visit: { start: "front.get", objective: { good: "99%", within: "1s" } } },
    load: { users: { journey: "visit", rate: "100/s", calls: { front: { attemptTimeout: "2s" } } } },
    versions: { next: { service: "front", changes: { errors: { share: "50%" } } } },
    timeline: [{ at: "2s", release: "next" }],
    strategies: { one: { rollout: { kind: "recreate" } } },
  };
  return plansOf({ "scenario.yaml": JSON.stringify(scenario), "topology.yaml": JSON.stringify(topology) })[0]!;
}

function interrupt(plan: Plan, buckets: number): void {
  const simulation = new FlatSimulation(plan, {
    begin: () => {},
    bucket: () => {},
    event: () => {},
    end: () => {},
  });
  for (let bucket = 0; bucket < buckets; bucket++) if (!simulation.runBucket()) return;
}

function runAll(simulation: FlatSimulation): void {
  while (simulation.runBucket());
}

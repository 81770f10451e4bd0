// Configuration pushes: they travel by the same rollouts as code, and arrive at instances that are there.
import { describe, expect, it } from "vitest";
import type { ResponsePlan, RolloutPlan } from "../../harness/model/release-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { MemoryFleet } from "./memory-fleet.ts";
import { smallPlan } from "./small-plan.ts";
import type { SmallPlanOptions } from "./small-plan.ts";

const everywhere: RolloutPlan = { kind: "everywhere", overMs: 0 };

function pushPlan(onApply: "crash" | null, options: SmallPlanOptions = {}): Plan {
  const plan = smallPlan({ rollout: everywhere, startupMs: 20_000, isHarmless: true, ...options });
  const versions = plan.versions.map((version) => ({
    ...version,
    isPush: true as const,
    ...(onApply === null ? {} : { onApply }),
  }));
  return { ...plan, versions };
}

const instances = (fleet: MemoryFleet, wanted: string): string[] =>
  fleet
    .story("instance", ({ instance, version, state }) => `${instance} ${version} ${state}`)
    .filter((line) => line.endsWith(wanted));

describe("a push that crashes whom it reaches", () => {
  it("crashes every instance where it is, once, and each comes back with it after its start-up", () => {
    const fleet = new MemoryFleet(pushPlan("crash")).run();
    expect(instances(fleet, "crashed")).toEqual([0, 1, 2, 3].map((id) => `10000 shop#${id} stable crashed`));
    expect(instances(fleet, "ready")).toEqual([0, 1, 2, 3].map((id) => `30000 shop#${id} v2 ready`));
    expect(fleet.variants()).toEqual([0, 4]);
  });

  it("is through when it has arrived, whoever is back by then: a harmless one is then no trigger any more", () => {
    const fleet = new MemoryFleet(pushPlan("crash"), { upMs: () => Infinity }).run();
    expect(fleet.phases()).toEqual(["10000 progressing", "10000 succeeded"]);
    expect(fleet.triggers()).toEqual(["10000 began", "10000 gone"]);
  });

  it("arrives zone by zone where the strategy says so", () => {
    const staged: RolloutPlan = {
      kind: "staged",
      by: "zone",
      order: [1, 0],
      bakeMs: 60_000,
      analysis: null,
      maxSurge: { ratio: 1 },
      maxUnavailable: { ratio: 1 },
    };
    const fleet = new MemoryFleet(pushPlan("crash", { rollout: staged, replicasPerZone: [2, 2] })).run();
    const crashes = instances(fleet, "crashed").map((line) => Number(line.split(" ")[0]));
    expect(crashes).toEqual([10_000, 10_000, 70_000, 70_000]);
    const zones = fleet.events.flatMap((event) =>
      event.kind === "instance" && event.state === "crashed" ? [event.zone] : [],
    );
    expect(zones).toEqual(["z1", "z1", "z0", "z0"]);
    expect(fleet.variants()).toEqual([0, 4]);
  });

  it("arrives by and by in steps, or over a time", () => {
    const linear: RolloutPlan = { kind: "linear", step: 25, everyMs: 30_000, upTo: 75 };
    const inSteps = new MemoryFleet(pushPlan("crash", { rollout: linear })).run();
    expect(instances(inSteps, "crashed").map((line) => line.split(" ")[0])).toEqual(["10000", "40000", "70000"]);
    expect(inSteps.variants()).toEqual([1, 3]);
    const spread = new MemoryFleet(pushPlan("crash", { rollout: { kind: "everywhere", overMs: 8000 } })).run();
    expect(instances(spread, "crashed").map((line) => line.split(" ")[0])).toEqual([
      "10000",
      "12000",
      "14000",
      "16000",
    ]);
  });

  it("crashes nobody when it is taken back", () => {
    const rollback: ResponsePlan = { when: { type: "at", atMs: 100_000 }, by: null, actions: ["rollback"] };
    const fleet = new MemoryFleet(pushPlan("crash", { responses: [rollback] })).run();
    expect(instances(fleet, "crashed")).toHaveLength(4);
    expect(fleet.variants()).toEqual([4, 0]);
    expect(fleet.phases().at(-1)).toMatch(/rolledBack$/);
  });
});

describe("a push that is applied in peace", () => {
  it("takes no start-up, and never a ready instance away", () => {
    const fleet = new MemoryFleet(pushPlan(null), { upMs: () => 100 }).run();
    expect(instances(fleet, "crashed")).toEqual([]);
    expect(instances(fleet, "ready").map((line) => line.split(" ")[0])).toEqual(Array(4).fill("10100"));
    expect(Math.min(...fleet.routes.map(({ route }) => route.endpoints.length))).toBe(4);
    expect(fleet.variants()).toEqual([0, 4]);
  });
});

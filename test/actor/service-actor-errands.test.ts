// What an instance does for whoever keeps it: start-up work, and answering probes.
import { describe, expect, it } from "vitest";
import type { LifePlan } from "../../harness/model/life-plan.ts";
import { LIVENESS_PROBE, READINESS_PROBE, STARTUP_WORK } from "../../harness/service/errand.ts";
import { lifePlan, probePlan } from "../service/life-plan.ts";
import { call, variantPlan, work } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
import { SmallFleet } from "./small-fleet.ts";

const none = { startup: null, readiness: null, liveness: null };

/** A with one worker, which works 100 ms for a request; its errands may call B, which works 20 ms. */
function kept(life: Partial<LifePlan>, changes = {}): SmallFleet {
  const a = variantPlan([work(100)], { calls: [calling(1)], life: lifePlan(life), ...changes });
  return new SmallFleet(fleetPlan([a, variantPlan([work(20)])]));
}

describe("a probe", () => {
  it("waits for a worker as requests do, unless it has its own", () => {
    const probes = { ...none, readiness: probePlan(), liveness: probePlan({ isApart: true }) };
    const fleet = kept({ probes });
    fleet.ask({ key: 1 });
    fleet.ask({ key: 2 });
    fleet.actor(0).errand(0, READINESS_PROBE, 7);
    fleet.actor(0).errand(0, LIVENESS_PROBE, 8);
    fleet.pass(1000);
    expect(fleet.errands).toEqual([
      [0, 8, true, 0],
      [0, 7, true, 200],
    ]);
  });

  it("fails where the queue is full", () => {
    const pool = { model: "threads", concurrency: 1, queueCapacity: 1 } as const;
    const fleet = kept({ probes: { ...none, readiness: probePlan() } }, { pool });
    fleet.ask({ key: 1 });
    fleet.ask({ key: 2 });
    fleet.actor(0).errand(0, READINESS_PROBE, 7);
    expect(fleet.errands).toEqual([[0, 7, false, 0]]);
  });

  it("fails with the dependency that it asks", () => {
    const fleet = kept({ probes: { ...none, readiness: probePlan({ steps: [call()] }) } });
    fleet.actor(0).errand(0, READINESS_PROBE, 7);
    fleet.pass(100);
    expect(fleet.errands).toEqual([[0, 7, true, 20]]);
    fleet.actor(0).errand(100, READINESS_PROBE, 8);
    fleet.pass(105);
    fleet.crash(1);
    fleet.pass(200);
    expect(fleet.errands[1]).toEqual([0, 8, false, 105]);
  });

  it("is answered by one that stands still when it goes on", () => {
    const fleet = kept({ probes: { ...none, liveness: probePlan() } });
    fleet.pause(0);
    fleet.actor(0).errand(0, LIVENESS_PROBE, 7);
    fleet.pass(500);
    expect(fleet.errands).toEqual([]);
    fleet.resume(0);
    expect(fleet.errands).toEqual([[0, 7, true, 500]]);
  });
});

it("start-up work calls dependencies, and none of it is a request in the books", () => {
  const fleet = kept({ startupWork: { steps: [call(), work(5), call()] } });
  fleet.actor(0).errand(0, STARTUP_WORK, 3);
  fleet.pass(1000);
  expect(fleet.errands).toEqual([[0, 3, true, 45]]);
  expect([fleet.service(0, "arrived"), fleet.service(0, "ended"), fleet.service(1, "ended")]).toEqual([0, 0, 2]);
  expect(fleet.service(0, "inSystemMs")).toBe(45);
});

it("an errand dies with its instance, and is no lost request", () => {
  const fleet = kept({ startupWork: { steps: [work(100)] } });
  fleet.actor(0).errand(0, STARTUP_WORK, 3);
  fleet.crash(0);
  fleet.pass(1000);
  expect(fleet.errands).toEqual([]);
  expect([fleet.service(0, "crashes"), fleet.service(0, "ended")]).toEqual([1, 0]);
});

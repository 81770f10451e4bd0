// How an instance dies by itself: for want of memory, or because its version crashes.
import { describe, expect, it } from "vitest";
import { CONNECTION_RESET } from "../../harness/model/outcome.ts";
import type { LifePlan } from "../../harness/model/life-plan.ts";
import { lifePlan, memoryPlan } from "../service/life-plan.ts";
import { constant, variantPlan, work } from "../service/variant-plan.ts";
import { fleetPlan } from "./fleet-plan.ts";
import { SmallFleet } from "./small-fleet.ts";

/** A service with one worker and two operations, which work for 100 ms and 10 ms. */
function mortal(life: Partial<LifePlan>): SmallFleet {
  const operations = [{ steps: [work(100)] }, { steps: [work(10)] }];
  const variant = variantPlan([], { operations, life: lifePlan(life) });
  const plan = fleetPlan([variant]);
  const [service] = plan.services;
  return new SmallFleet({ ...plan, services: [{ ...service!, operations: ["slow", "quick"] }] });
}

describe("memory", () => {
  it("kills the instance that holds more requests than fit, and resets them all", () => {
    const fleet = mortal({ memory: memoryPlan() });
    for (let key = 0; key < 6; key++) fleet.ask({ key });
    fleet.pass(50);
    expect(fleet.crashed).toEqual([]);
    fleet.ask({ key: 6 });
    fleet.pass(60);
    expect(fleet.crashed).toEqual([[0, 50]]);
    expect(fleet.answers.map(({ atMs, cause, origin }) => [atMs, cause, ...origin])).toEqual(
      Array.from({ length: 7 }, () => [50, "connectionReset", 0, "connectionReset"]),
    );
    expect([fleet.service(0, "crashes"), fleet.service(0, "outOfMemory")]).toEqual([1, 1]);
    expect(fleet.service(0, "outcome", CONNECTION_RESET)).toBe(7);
  });

  it("is given back by requests that end", () => {
    const fleet = mortal({ memory: memoryPlan() });
    for (let key = 0; key < 30; key++) {
      fleet.ask({ key });
      fleet.pass(100 * (key + 1));
    }
    expect(fleet.crashed).toEqual([]);
    expect(fleet.answers).toHaveLength(30);
  });

  it("that leaks kills also an instance with nothing to do, at the time that its limit and its rate say", () => {
    const fleet = mortal({ memory: memoryPlan({ leakBytesPerMs: 0.01 }) });
    fleet.pass(10_000);
    expect(fleet.crashed).toEqual([[0, 6000]]);
  });

  it("is in the books: what is used and what there is, in MiB", () => {
    const mib = 1_048_576;
    const fleet = mortal({
      memory: { limitBytes: 100 * mib, baseBytes: 40 * mib, perRequestBytes: 10 * mib, leakBytesPerMs: 0 },
    });
    fleet.ask();
    fleet.pass(200);
    expect(fleet.service(0, "memoryLimitMs")).toBe(100 * 200);
    expect(fleet.service(0, "memoryMs")).toBe(40 * 200 + 10 * 100);
  });
});

describe("a version that crashes", () => {
  it("by itself does so after its time", () => {
    const fleet = mortal({ crash: { afterMs: constant(700), onOperation: null, onStart: false } });
    fleet.pass(10_000);
    expect(fleet.crashed).toEqual([[0, 700]]);
    expect(fleet.service(0, "outOfMemory")).toBe(0);
  });

  it("on an operation dies when a request for it begins, not while one waits", () => {
    const fleet = mortal({ crash: { afterMs: null, onOperation: 1, onStart: false } });
    fleet.ask({ key: 1, operation: 0 });
    fleet.ask({ key: 2, operation: 1 });
    fleet.pass(99);
    expect(fleet.crashed).toEqual([]);
    fleet.pass(200);
    expect(fleet.crashed).toEqual([[0, 100]]);
    expect(fleet.answers.map(({ key, cause }) => [key, cause])).toEqual([
      [1, "ok"],
      [2, "connectionReset"],
    ]);
  });

  it("and stands still dies when it goes on", () => {
    const fleet = mortal({ crash: { afterMs: constant(700), onOperation: null, onStart: false } });
    fleet.pass(500);
    fleet.pause(0);
    fleet.pass(2000);
    expect(fleet.crashed).toEqual([]);
    fleet.resume(0);
    fleet.pass(2001);
    expect(fleet.crashed).toEqual([[0, 2000]]);
  });
});

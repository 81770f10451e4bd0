// How an instance crashes, stands still and stops.
import { describe, expect, it } from "vitest";
import { CANCELLED, CONNECTION_RESET } from "../../harness/model/outcome.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { call, variantPlan, wait, work } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
import { fault, lone } from "./lone-service.ts";
import { SmallFleet } from "./small-fleet.ts";

const A = 0;
const B = 1;

/** A calls B, which works; messages take 10 ms. */
function pair(
  a: Partial<VariantPlan> = {},
  b: Partial<VariantPlan> = {},
  steps: readonly StepPlan[] = [call()],
): SmallFleet {
  const plan = fleetPlan([variantPlan(steps, { calls: [calling(B)], ...a }), variantPlan([work(100)], b)]);
  return new SmallFleet(plan, 10);
}

describe("a crash", () => {
  it("resets the callers, tells the callees, and loses what was held", () => {
    const fleet = pair({}, { onDeadline: "cancel" });
    for (const key of [1, 2, 3]) fleet.ask({ key });
    fleet.pass(40);
    fleet.crash(A);
    fleet.pass(1000);
    expect(fleet.answers.map(({ key, atMs, cause, origin }) => [key, atMs, cause, ...origin])).toEqual(
      [1, 2, 3].map((key) => [key, 40, "connectionReset", A, "connectionReset"]),
    );
    expect(fleet.service(A, "crashes")).toBe(1);
    expect([
      fleet.service(A, "arrived"),
      fleet.service(A, "ended"),
      fleet.service(A, "outcome", CONNECTION_RESET),
    ]).toEqual([3, 3, 3]);
    expect(fleet.service(B, "outcome", CANCELLED)).toBe(1);
    expect(fleet.edgeSum(0, "call")).toBe(fleet.edge(0, "calls"));
    expect(fleet.service(A, "inSystemMs")).toBe(120);
  });

  it("of the callee fails the call", () => {
    const fleet = pair();
    fleet.ask();
    fleet.pass(40);
    fleet.crash(B);
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 50, cause: "error", origin: [B, "connectionReset"] }]);
    expect(fleet.openCalls).toBe(0);
  });

  it("loses also what a fault holds at the door", () => {
    const fleet = lone();
    fleet.ask({ key: 1 });
    fleet.ask({ key: 2 });
    fleet.pass(20);
    fleet.disturb([fault(0, "delay", 30)]);
    fleet.ask({ key: 3 });
    fleet.crash(A);
    // What was answered before stays answered.
    expect(fleet.answers.map(({ key, cause }) => [key, cause])).toEqual([
      [1, "ok"],
      [2, "ok"],
      [3, "connectionReset"],
    ]);
    expect([fleet.service(A, "arrived"), fleet.service(A, "ended")]).toEqual([3, 3]);
  });
});

describe("a standstill", () => {
  it("stops everything; what fell due meanwhile happens first when it is over", () => {
    const calls = [calling(B, { attemptTimeoutMs: 150 })];
    const fleet = pair({ calls, pool: { model: "threads", concurrency: 2, queueCapacity: null } });
    fleet.ask({ key: 1 });
    fleet.pass(40);
    fleet.pause(A);
    expect(fleet.actor(A).nextWakeup()).toBe(Infinity);
    fleet.pass(400);
    fleet.resume(A);
    // B's answer of 120 is told after that, and finds nobody waiting.
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 400, cause: "error", origin: [B, "timeout"] }]);
    expect(fleet.openCalls).toBe(0);
  });

  it("leaves work where it was, and lets waits and held requests go on at once", () => {
    const fleet = lone({
      operations: [{ steps: [work(10)] }, { steps: [wait(20)] }],
      pool: { model: "threads", concurrency: null, queueCapacity: null },
    });
    fleet.ask({ key: 1 });
    fleet.ask({ key: 2, operation: 1 });
    fleet.disturb([fault(0, "delay", 30)]);
    fleet.ask({ key: 3 });
    fleet.pass(4);
    fleet.pause(A);
    fleet.pass(100);
    fleet.resume(A);
    fleet.pass(1000);
    expect(fleet.answers.map(({ key, atMs }) => [key, atMs])).toEqual([
      [2, 100],
      [1, 106],
      [3, 110],
    ]);
  });
});

describe("the books of a standstill", () => {
  it("have the worker held and the core idle", () => {
    const fleet = lone();
    fleet.ask();
    fleet.pass(4);
    fleet.pause(A);
    fleet.pass(100);
    fleet.resume(A);
    fleet.pass(1000);
    expect([fleet.service(A, "busyMs"), fleet.service(A, "cpuMs")]).toEqual([106, 10]);
  });
});

describe("a graceful stop", () => {
  it("finishes what it holds, refuses what is new, and says once that it is done", () => {
    const fleet = lone();
    fleet.disturb([fault(0, "delay", 30)]);
    fleet.ask({ key: 1 });
    fleet.disturb([]);
    fleet.ask({ key: 2 });
    fleet.actor(A).stop(0);
    fleet.ask({ key: 3 });
    fleet.pass(29);
    expect(fleet.drained).toEqual([]);
    fleet.pass(100);
    // A request that was at the door when it began to stop is refused there.
    expect(fleet.answers.map(({ key, atMs, cause }) => [key, atMs, cause])).toEqual([
      [3, 0, "refused"],
      [2, 10, "ok"],
      [1, 30, "refused"],
    ]);
    fleet.ask({ key: 4 });
    fleet.pass(200);
    expect(fleet.drained).toEqual([A]);
  });

  it("of an idle instance is over at once, of one that stands still when it goes on", () => {
    const idle = lone();
    idle.actor(A).stop(0);
    expect(idle.drained).toEqual([A]);
    const still = lone();
    still.pause(A);
    still.actor(A).stop(0);
    expect(still.drained).toEqual([]);
    still.resume(A);
    expect(still.drained).toEqual([A]);
  });

  it("counts as ready until then", () => {
    const fleet = lone();
    fleet.pass(10);
    fleet.actor(A).ready(10);
    fleet.pass(30);
    fleet.actor(A).stop(30);
    fleet.pass(50);
    expect([fleet.service(A, "readyMs"), fleet.service(A, "workersMs"), fleet.service(A, "coresMs")]).toEqual([
      20, 20, 20,
    ]);
  });
});

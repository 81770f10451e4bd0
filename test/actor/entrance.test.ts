import { describe, expect, it } from "vitest";
import { ERROR } from "../../harness/model/outcome.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import { fault, lone } from "./lone-service.ts";

const A = 0;

describe("a fault at an instance's door", () => {
  it("holds requests without a worker, as time in the instance", () => {
    const fleet = lone({ pool: { model: "threads", concurrency: 1, queueCapacity: 0 } });
    fleet.disturb([fault(0, "delay", 30)]);
    fleet.ask({ key: 1 });
    fleet.pass(5);
    fleet.disturb([]);
    // The held one holds no worker, so the next is served; what is held stays so.
    fleet.ask({ key: 2 });
    fleet.pass(100);
    expect(fleet.answers.map(({ key, atMs, slow }) => [key, atMs, slow[1]])).toEqual([
      [2, 15, 10_000],
      [1, 40, 40_000],
    ]);
    expect([fleet.hits(0), fleet.service(A, "latencyMs"), fleet.service(A, "busyMs")]).toEqual([1, 50, 20]);
    expect(fleet.service(A, "inSystemMs")).toBe(50);
  });

  it("answers in place of the instance, and counts", () => {
    const fleet = lone();
    fleet.disturb([fault(0, "answer", 429)]);
    fleet.ask();
    expect(fleet.answers).toMatchObject([{ atMs: 0, cause: "error", status: 429, origin: [A, "error"] }]);
    expect([fleet.service(A, "arrived"), fleet.service(A, "ended"), fleet.service(A, "outcome", ERROR)]).toEqual([
      1, 1, 1,
    ]);
  });

  it("that delays and one that answers do both", () => {
    const fleet = lone();
    fleet.disturb([fault(0, "delay", 30), fault(1, "answer", 503)]);
    fleet.ask();
    fleet.pass(100);
    expect(fleet.answers).toMatchObject([{ atMs: 30, cause: "error", status: 503 }]);
    expect([fleet.hits(0), fleet.hits(1)]).toEqual([1, 1]);
  });

  it.each<[string, Partial<FaultScope>, boolean]>([
    ["its service", {}, true],
    ["another service", { on: { type: "service", service: 5, operation: null } }, false],
    ["its operation", { on: { type: "service", service: A, operation: 0 } }, true],
    ["another operation", { on: { type: "service", service: A, operation: 1 } }, false],
    ["the instance", { on: { type: "instance", service: A, ordinal: 0 } }, true],
    ["another instance", { on: { type: "instance", service: A, ordinal: 1 } }, false],
    ["its version", { variant: 0 }, true],
    ["another version", { variant: 1 }, false],
    ["its zone", { zone: 0 }, true],
    ["another zone", { zone: 1 }, false],
    ["a call", { on: { type: "edge", edge: 0, operation: null } }, false],
  ])("on %s: %o", (_, changes, isHit) => {
    const fleet = lone();
    fleet.disturb([fault(0, "answer", 500, changes)]);
    fleet.ask();
    expect(fleet.hits(0)).toBe(isHit ? 1 : 0);
  });
});

import { describe, expect, it } from "vitest";
import { CONNECTION_RESET, OK } from "../../harness/model/outcome.ts";
import { fault, lone, word } from "./lone-service.ts";

const A = 0;
const BACK = { direction: "response" } as const;
const hang = { on: "request", do: "hang" } as const;
const reset = { on: "request", do: "reset" } as const;

describe("a fault on the way out of an instance", () => {
  it("holds the answer when the work is done: the worker is free, and the request has ended well here", () => {
    const fleet = lone({ pool: { model: "threads", concurrency: 1, queueCapacity: 1 } });
    fleet.disturb([fault(0, "delay", 30, BACK)]);
    fleet.ask({ key: 1 });
    fleet.ask({ key: 2 });
    fleet.pass(100);
    expect(fleet.answers.map(({ key, atMs, cause }) => [key, atMs, cause])).toEqual([
      [1, 40, "ok"],
      [2, 50, "ok"],
    ]);
    expect([fleet.hits(0), fleet.service(A, "busyMs"), fleet.service(A, "outcome", OK)]).toEqual([2, 20, 2]);
    expect(fleet.service(A, "inSystemMs")).toBe(30);
  });

  it("exchanges the answer for another", () => {
    const fleet = lone();
    fleet.disturb([word(0, reset, BACK)]);
    fleet.ask();
    fleet.pass(100);
    expect(fleet.answers).toMatchObject([
      { atMs: 10, cause: "connectionReset", status: 0, origin: [A, "connectionReset"] },
    ]);
    expect(fleet.service(A, "outcome", OK)).toBe(1);
  });

  it("holds a body that drips as long as it takes", () => {
    const fleet = lone();
    fleet.disturb([word(0, { on: "request", do: "drip", time: { kind: "constant", ms: 500 } })]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 510, cause: "ok" }]);
  });

  it("never answers, and lets the request go when its caller gives up", () => {
    const fleet = lone();
    fleet.disturb([word(0, hang, BACK)]);
    const asked = fleet.ask();
    fleet.pass(100);
    expect(fleet.answers).toEqual([]);
    fleet.actor(A).stop(100);
    expect(fleet.drained).toEqual([]);
    fleet.giveUp(asked);
    fleet.pass(200);
    fleet.ask({ key: 2 });
    expect(fleet.drained).toEqual([A]);
  });

  it("is broken off with everything else when the instance dies", () => {
    const fleet = lone();
    fleet.disturb([fault(0, "delay", 500, BACK)]);
    fleet.ask();
    fleet.pass(100);
    fleet.crash(A);
    expect(fleet.answers).toMatchObject([{ atMs: 100, cause: "connectionReset" }]);
  });
});

describe("a request that hangs at the door", () => {
  it("is there without a worker until its caller gives up", () => {
    const fleet = lone({ pool: { model: "threads", concurrency: 1, queueCapacity: 0 } });
    fleet.disturb([word(0, hang)]);
    const asked = fleet.ask({ key: 1 });
    fleet.disturb([]);
    fleet.ask({ key: 2 });
    fleet.pass(100);
    expect(fleet.answers.map(({ key }) => key)).toEqual([2]);
    fleet.giveUp(asked);
    fleet.pass(200);
    expect(fleet.answers.map(({ key, cause }) => [key, cause])).toEqual([
      [2, "ok"],
      [1, "cancelled"],
    ]);
    expect([fleet.service(A, "inSystemMs"), fleet.service(A, "abandonedOwn")]).toEqual([110, 1]);
  });

  it("is reset at once where the fault says so", () => {
    const fleet = lone();
    fleet.disturb([word(0, reset)]);
    fleet.ask();
    expect(fleet.answers).toMatchObject([{ atMs: 0, cause: "connectionReset", status: 0 }]);
    expect(fleet.service(A, "outcome", CONNECTION_RESET)).toBe(1);
  });
});

it("a fault with hold of some instances leaves the others alone", () => {
  const fleet = lone();
  fleet.disturb([word(0, reset, {}, { instances: [3] })]);
  fleet.ask();
  fleet.disturb([word(0, reset, {}, { instances: [A] })]);
  fleet.ask();
  fleet.pass(100);
  expect(fleet.answers.map(({ cause }) => cause)).toEqual(["connectionReset", "ok"]);
});

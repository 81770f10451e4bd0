// Faults between a caller and its callee, there and back.
import { describe, expect, it } from "vitest";
import type { RequestDisturbance } from "../../harness/faults/disturbance.ts";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
import { call, variantPlan, work } from "../service/variant-plan.ts";
import { word } from "./lone-service.ts";
import { SmallFleet } from "./small-fleet.ts";

const [A, B] = [0, 1];
const EDGE: FaultScope["on"] = { type: "edge", edge: 0, operation: null };
const ON_CALLEE: FaultScope["on"] = { type: "service", service: B, operation: null };
const BACK = { on: EDGE, direction: "response" } as const;
const lose: RequestDisturbance = { on: "request", do: "lose" };
const delay = (ms: number): RequestDisturbance => ({ on: "request", do: "delay", time: { kind: "constant", ms } });

/** A calls B, which works for 100 ms, over messages that take 10 ms. */
function pair(calls: Partial<CallPlan> = {}): SmallFleet {
  const fault = { kind: "latency", attributes: {}, scope: word(0, lose).scope };
  const event = { do: "fault", atMs: 0, forMs: null, background: false, fault } as const;
  const a = variantPlan([call()], { calls: [calling(B, calls)] });
  return new SmallFleet(fleetPlan([a, variantPlan([work(100)])], { timeline: [event, event] }), 10);
}

describe("a fault on the way back of a call", () => {
  it("holds the answer back at the caller", () => {
    const fleet = pair();
    fleet.disturb([word(0, delay(50), BACK)]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 170, cause: "ok" }]);
    expect(fleet.sent).toEqual([[A, B, 0]]);
  });

  it("gives the answer to nobody where the attempt was given up meanwhile", () => {
    const fleet = pair({ attemptTimeoutMs: 150 });
    fleet.disturb([word(0, delay(50), BACK)]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 150, status: 504, origin: [B, "timeout"] }]);
    expect(fleet.openCalls).toBe(0);
  });

  it("exchanges it: the callee has done the work, and the caller hears of an error", () => {
    const fleet = pair();
    fleet.disturb([word(0, { on: "request", do: "answer", status: 503 }, BACK)]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 120, status: 502, origin: [B, "error"] }]);
    expect([fleet.service(B, "outcome"), fleet.hits(0)]).toEqual([1, 1]);
  });
});

describe("a partition", () => {
  it("lets nothing leave, and the caller waits until it gives up", () => {
    const fleet = pair({ attemptTimeoutMs: 150 });
    fleet.disturb([word(0, lose, { on: EDGE })]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 150, status: 504, origin: [B, "timeout"] }]);
    // The callee never hears of it, nor that it was given up.
    expect([fleet.sent, fleet.abandoned, fleet.service(B, "arrived"), fleet.hits(0)]).toEqual([[], [], 0, 1]);
  });

  it("on the way back only, wastes the callee's work", () => {
    const fleet = pair({ attemptTimeoutMs: 150 });
    fleet.disturb([word(0, lose, BACK)]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 150, status: 504 }]);
    expect(fleet.service(B, "outcome")).toBe(1);
  });

  it("of a service is one of all its calls, at their callers' end", () => {
    const fleet = pair({ attemptTimeoutMs: 150 });
    fleet.disturb([word(0, lose, { on: ON_CALLEE })]);
    fleet.ask();
    fleet.pass(1000);
    expect([fleet.sent, fleet.answers.length]).toEqual([[], 1]);
  });

  it("of a zone leaves those alone who are on the same side", () => {
    const fleet = pair();
    fleet.disturb([word(0, lose, { on: { type: "zone", zone: 0 } }), word(1, lose, { on: { type: "zone", zone: 1 } })]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 120, cause: "ok" }]);
    expect([fleet.hits(0), fleet.hits(1)]).toEqual([0, 0]);
  });

  it("that loses one attempt does not touch the next", () => {
    const retry: CallPlan["retry"] = { maxAttempts: 2, retryOn: ["timeout"], backoff: null, budget: null };
    const fleet = pair({ attemptTimeoutMs: 150, retry });
    fleet.disturb([word(0, delay(30), { on: EDGE }), word(1, lose, { on: EDGE, requests: { first: 1 } })]);
    fleet.ask();
    fleet.pass(1000);
    // The first is lost at 30; the second leaves at 180 and is answered in time.
    expect([fleet.sent, fleet.answers.map(({ atMs }) => atMs)]).toEqual([[[A, B, 180]], [300]]);
  });
});

it("a name that does not resolve is no healthy host, and nothing is sent", () => {
  const fleet = pair();
  const unresolve: RequestDisturbance = { on: "request", do: "unresolve", time: { kind: "constant", ms: 40 } };
  fleet.disturb([word(0, unresolve, { on: ON_CALLEE })]);
  fleet.ask();
  fleet.pass(1000);
  expect(fleet.answers).toMatchObject([{ atMs: 40, status: 502, origin: [B, "noHealthyHost"] }]);
  expect(fleet.sent).toEqual([]);
});

it("a share of connections hits all requests of one, or none", () => {
  const hits = [0.1, 0.9].map((share) => {
    const fleet = pair();
    fleet.disturb([word(0, { on: "request", do: "reset" }, { on: ON_CALLEE, share, perConnection: true })]);
    for (let key = 0; key < 20; key++) fleet.ask({ key });
    fleet.pass(1000);
    return fleet.hits(0);
  });
  expect(hits.every((each) => each === 0 || each === 20)).toBe(true);
  expect(hits[0]).toBeLessThanOrEqual(hits[1]!);
});

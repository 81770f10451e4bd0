// Edge faults, and several policies over one table of calls.
import { describe, expect, it } from "vitest";
import { NO_CALL } from "../../harness/actor/caller.ts";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import { CIRCUIT_OPEN, ERROR, OK, TIMEOUT } from "../../harness/model/outcome.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { call, together, variantPlan, work } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
import { fault } from "./lone-service.ts";
import { SmallFleet } from "./small-fleet.ts";

const A = 0;
const B = 1;
/** The one edge there is. */
const EDGE: FaultScope["on"] = { type: "edge", edge: 0, operation: null };

/** A calls B, which works for 100 ms, over messages that take 10 ms; two faults stand in the timeline. */
function pair(
  calls: Partial<CallPlan> | CallPlan[] = {},
  steps: readonly StepPlan[] = [call()],
  variant = 0,
): SmallFleet {
  const event = {
    do: "fault",
    atMs: 0,
    forMs: null,
    background: false,
    fault: { kind: "latency", attributes: {}, scope: fault(0, "delay", 0).scope },
  } as const;
  const worker: Partial<VariantPlan> = {
    pool: { model: "threads", concurrency: null, queueCapacity: null },
    onDeadline: "cancel",
  };
  const a = variantPlan(steps, { ...worker, calls: Array.isArray(calls) ? calls : [calling(B, calls)] });
  const b = variantPlan([work(100)], { ...worker, operations: [{ steps: [work(100)] }, { steps: [] }] });
  const plan = fleetPlan([a, { variants: [b, { ...b, version: "next" }] }], { timeline: [event, event] });
  return new SmallFleet(plan, 10, [0, variant]);
}

const retrying = (maxAttempts: number): CallPlan["retry"] => ({
  maxAttempts,
  retryOn: ["error", "timeout", "overload", "connection"],
  backoff: null,
  budget: null,
});

describe("a fault on a call", () => {
  it("holds the attempt before it leaves, within its timeout", () => {
    const fleet = pair();
    fleet.disturb([fault(0, "delay", 30, { on: EDGE })]);
    fleet.ask();
    fleet.pass(20);
    fleet.disturb([]);
    fleet.pass(1000);
    expect([fleet.sent, fleet.answers[0]!.atMs, fleet.hits(0)]).toEqual([[[A, B, 30]], 150, 1]);
  });

  it("answers in place of the callee, which hears nothing of it", () => {
    const fleet = pair();
    fleet.disturb([fault(0, "answer", 503, { on: EDGE })]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 0, cause: "error", origin: [B, "error"] }]);
    expect([fleet.sent, fleet.service(B, "arrived"), fleet.hits(0)]).toEqual([[], 0, 1]);
    expect(fleet.edge(0, "attemptOwn", ERROR)).toBe(1);
  });

  it("that delays and one that answers do both, once each", () => {
    const fleet = pair();
    fleet.disturb([fault(0, "delay", 30, { on: EDGE }), fault(1, "answer", 503, { on: EDGE })]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 30, cause: "error" }]);
    expect([fleet.hits(0), fleet.hits(1), fleet.sent]).toEqual([1, 1, []]);
  });

  it("that holds an attempt past its timeout keeps it from ever leaving", () => {
    const fleet = pair({ attemptTimeoutMs: 50, retry: retrying(2) });
    fleet.disturb([fault(0, "delay", 70, { on: EDGE })]);
    fleet.ask();
    fleet.pass(60);
    fleet.disturb([]);
    fleet.pass(1000);
    // The second attempt is held from 50 to 120 and given up at 100.
    expect([fleet.sent, fleet.abandoned]).toEqual([[], []]);
    expect(fleet.answers).toMatchObject([{ atMs: 100, cause: "error", status: 504 }]);
    expect([fleet.hits(0), fleet.edge(0, "attemptOwn", TIMEOUT)]).toEqual([2, 2]);
  });

  it("that holds one attempt does not send the next before its time", () => {
    const fleet = pair({
      attemptTimeoutMs: 50,
      retry: { ...retrying(2)!, backoff: { initialMs: 30, maxMs: 30, multiplier: 1, jitter: "none", proportion: 0 } },
    });
    fleet.disturb([fault(0, "delay", 90, { on: EDGE, share: 1 })]);
    fleet.ask();
    fleet.pass(60);
    fleet.disturb([]);
    // Held from 0 to 90, given up at 50; the next leaves at 80 and nothing does at 90.
    fleet.pass(1000);
    expect(fleet.sent).toEqual([[A, B, 80]]);
  });

  it("that holds an attempt whose owner is cancelled lets nothing leave", () => {
    const fleet = pair();
    fleet.disturb([fault(0, "delay", 30, { on: EDGE })]);
    const asked = fleet.ask();
    fleet.pass(20);
    fleet.giveUp(asked);
    fleet.pass(1000);
    expect([fleet.sent, fleet.abandoned, fleet.openCalls]).toEqual([[], [], 0]);
  });

  it("counts each attempt that it answers, until the retries are used up", () => {
    const fleet = pair({ retry: retrying(4) });
    fleet.disturb([fault(0, "answer", 503, { on: EDGE })]);
    fleet.ask();
    expect([fleet.answers.length, fleet.hits(0), fleet.edge(0, "attempts")]).toEqual([1, 4, 4]);
  });

  it.each<[string, Partial<FaultScope>, boolean]>([
    ["the call", { on: EDGE }, true],
    ["another call", { on: { ...EDGE, edge: 5 } }, false],
    ["the callee's operation", { on: { ...EDGE, operation: 0 } }, true],
    ["another operation", { on: { ...EDGE, operation: 1 } }, false],
    ["the caller's zone", { on: EDGE, zone: 0 }, true],
    ["another zone", { on: EDGE, zone: 1 }, false],
    ["the callee's version", { on: EDGE, variant: 1 }, true],
    ["another version", { on: EDGE, variant: 0 }, false],
  ])("on %s: %o", (_, changes, isHit) => {
    const fleet = pair({}, [call()], 1);
    fleet.disturb([fault(0, "answer", 503, changes)]);
    fleet.ask();
    expect(fleet.hits(0)).toBe(isHit ? 1 : 0);
  });
});

describe("policies that share a caller", () => {
  const calls = [calling(B, { attemptTimeoutMs: 50 }), calling(B, { operations: [1] })];

  it("do not touch each other's calls, though slots are used again", () => {
    const steps = [
      call(0, { optional: true, operation: 1, site: 1 }),
      // This one has the slot of the first, whose timeout would have been due at 50.
      call(1, { optional: true, operation: 0, site: 2 }),
    ];
    const fleet = pair(calls, steps);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 140, cause: "ok", isDegraded: false }]);
    expect(fleet.edge(0, "call", OK)).toBe(2);
  });

  it("do not touch each other's calls, though one was given up in the slot of the other", () => {
    const steps = [call(0, { operation: 0, site: 1 })];
    const fleet = pair(calls, steps);
    const asked = fleet.ask();
    fleet.pass(20);
    fleet.giveUp(asked);
    // Begun by the caller's second policy, which has no timeout, in the slot of the first one's call.
    const { caller } = fleet.actor(A);
    expect(caller.begin(20, 1, 0, 1, 5, 5, 5, 1, Infinity, Infinity)).toBe(0);
    fleet.actor(A).wake(50);
    expect(fleet.edge(0, "attemptOwn", TIMEOUT)).toBe(0);
  });

  it("send nothing for a call that was dropped before anything left", () => {
    const fleet = pair(calls, []);
    const { caller } = fleet.actor(A);
    caller.drop(0, caller.begin(0, 0, 0, 0, 5, 5, 5, 1, Infinity, Infinity));
    expect(caller.take(0)).toBe(NO_CALL);
    expect([fleet.sent, fleet.abandoned, fleet.openCalls]).toEqual([[], [], 0]);
  });

  it("count the latency of what was answered only", () => {
    const fleet = pair(calls, [call(0, { optional: true }), call(1, { operation: 1 })]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 70, isDegraded: true }]);
    expect(fleet.edge(0, "latencyMs")).toBe(20);
  });

  it("that both fail at once end the request once, and count each call once", () => {
    const circuitBreaker = {
      failureRateThreshold: 0.5,
      slowCallRateThreshold: 1,
      slowCallDurationThresholdMs: 1000,
      slidingWindow: { type: "count", size: 2 },
      minimumNumberOfCalls: 1,
      waitDurationInOpenStateMs: 60_000,
      permittedNumberOfCallsInHalfOpenState: 1,
      maxWaitDurationInHalfOpenStateMs: 0,
      automaticTransitionFromOpenToHalfOpen: false,
    } as const;
    const steps = [together([call(0, { site: 1 })], [call(0, { site: 2 })], [call(0, { site: 3 })])];
    const fleet = pair({ circuitBreaker }, steps);
    fleet.disturb([fault(0, "answer", 503, { on: EDGE })]);
    fleet.ask();
    fleet.pass(10);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers.map(({ atMs, origin }) => [atMs, ...origin])).toEqual([
      [0, B, "error"],
      [10, B, "error"],
    ]);
    expect([fleet.openCalls, fleet.edge(0, "calls"), fleet.edgeSum(0, "call")]).toEqual([0, 6, 6]);
    // The first that ends drops the others, which had ended already and are not counted twice.
    expect(fleet.edge(0, "call", CIRCUIT_OPEN)).toBe(3);
    expect(fleet.edge(0, "breakerOpenMs") / fleet.edge(0, "breakersMs")).toBe(1);
  });
});

// Two in a chain: how instances act on each other through their messages.
import { describe, expect, it } from "vitest";
import { CANCELLED, ERROR, OK } from "../../harness/model/outcome.ts";
import type { OnDeadline, StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { call, together, variantPlan, wait, work } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
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

describe("a chain of two", () => {
  it("answers when the callee's answer has come back, and finds the slowest on the way", () => {
    const fleet = pair({}, {}, [work(5), call(), work(7)]);
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 132, cause: "ok", status: 200, slow: [B, 100_000] }]);
    expect(fleet.edge(0, "calls")).toBe(1);
    expect(fleet.edge(0, "attemptOwn", OK)).toBe(1);
    expect(fleet.edge(0, "latencyMs")).toBe(120);
    expect([fleet.service(A, "latencyMs"), fleet.service(B, "latencyMs")]).toEqual([132, 100]);
  });

  it("passes on where a failure began", () => {
    const fleet = pair({}, { errors: [{ share: 1, cause: "error", status: 503, operation: null, site: 1 }] });
    fleet.ask();
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ cause: "error", status: 502, origin: [B, "error"] }]);
    expect(fleet.service(A, "outcome", ERROR)).toBe(1);
  });

  it("gives the same request the same work, whatever else there is", () => {
    const time = { kind: "exponential", meanMs: 50 } as const;
    const timesOf = (fleet: SmallFleet, keys: readonly number[]): Map<number, number> => {
      for (const key of keys) {
        fleet.ask({ key });
        fleet.pass(fleet.nowMs + 10_000);
      }
      return new Map(fleet.answers.map(({ key, slow }) => [key, slow[1]]));
    };
    const b = { operations: [{ steps: [wait(time)] }] };
    const some = timesOf(pair({}, b), [1, 2, 3]);
    const others = timesOf(
      pair({ calls: [calling(B, { retry: null, attemptTimeoutMs: 60_000 })] }, b, [work(3), call()]),
      [9, 3, 2, 1],
    );
    for (const [key, time] of some) expect(others.get(key)).toBe(time);
  });

  it("ends a circle of optional calls by its depth", () => {
    const optional = [call(0, { optional: true })];
    const plan = fleetPlan([
      variantPlan(optional, { calls: [calling(B)], pool: { model: "async", concurrency: 1, queueCapacity: null } }),
      variantPlan(optional, { calls: [calling(A)], pool: { model: "async", concurrency: 1, queueCapacity: null } }),
    ]);
    const fleet = new SmallFleet(plan, 10);
    fleet.ask();
    fleet.pass(10_000);
    expect(fleet.answers).toMatchObject([{ cause: "ok", isDegraded: true }]);
    expect(fleet.service(A, "ended") + fleet.service(B, "ended")).toBe(33);
  });
});

describe("giving up", () => {
  const run = (a: OnDeadline, b: OnDeadline): SmallFleet => {
    const fleet = pair({ onDeadline: a }, { onDeadline: b });
    const asked = fleet.ask();
    fleet.pass(50);
    fleet.giveUp(asked);
    fleet.pass(1000);
    expect(fleet.openCalls).toBe(0);
    return fleet;
  };

  it("travels one hop at a time, as far as each hop passes it on", () => {
    const fleet = run("cancel", "cancel");
    expect(fleet.abandoned).toEqual([[A, B, 50]]);
    expect([fleet.service(A, "outcome", CANCELLED), fleet.service(B, "outcome", CANCELLED)]).toEqual([1, 1]);
    // B began at 10 and hears of it at 60.
    expect(fleet.service(B, "busyMs")).toBe(50);
    expect(fleet.edge(0, "call", CANCELLED)).toBe(1);
    expect(fleet.edge(0, "abandonedWaiting")).toBe(1);
    expect(fleet.service(B, "abandonedOwn")).toBe(1);
  });

  it("stops where it is ignored", () => {
    expect(run("ignore", "cancel").service(B, "outcome", OK)).toBe(1);
    const fleet = run("cancel", "ignore");
    expect([fleet.service(B, "outcome", OK), fleet.service(B, "wasted")]).toEqual([1, 1]);
  });

  it("reaches a callee that the request has not reached yet", () => {
    const fleet = pair({ onDeadline: "cancel" }, { onDeadline: "cancel" });
    const asked = fleet.ask();
    fleet.pass(3);
    fleet.giveUp(asked);
    fleet.pass(1000);
    expect(fleet.service(B, "busyMs")).toBe(3);
  });

  it("is what a failed sibling does to the others", () => {
    const steps = [together([call(0, { site: 1 })], [wait(20), call(1, { site: 2 })])];
    const calls = [calling(B), calling(B, { operations: [1], attemptTimeoutMs: 30 })];
    const b = { onDeadline: "cancel", operations: [{ steps: [work(100)] }, { steps: [work(100)] }] } as const;
    const fleet = new SmallFleet(
      fleetPlan([
        variantPlan(steps, { calls }),
        variantPlan([], { ...b, pool: { model: "threads", concurrency: 9, queueCapacity: null } }),
      ]),
      10,
    );
    fleet.ask();
    fleet.pass(1000);
    // The second call times out at 50; the first is cancelled, and B hears of both at 60.
    expect(fleet.answers).toMatchObject([{ atMs: 50, cause: "error", status: 504, origin: [B, "timeout"] }]);
    expect(fleet.service(B, "outcome", CANCELLED)).toBe(2);
    expect(fleet.openCalls).toBe(0);
  });

  it("at the deadline bounds the calls of a version that does not ignore it", () => {
    const endOf = (onDeadline: OnDeadline): number => {
      const fleet = pair({ onDeadline });
      fleet.ask({ deadlineMs: 70 });
      fleet.pass(1000);
      return fleet.answers[0]!.atMs;
    };
    expect([endOf("ignore"), endOf("drop"), endOf("cancel")]).toEqual([120, 70, 70]);
  });

  it("before a call could begin blames the instance itself", () => {
    const fleet = pair({ onDeadline: "drop" }, {}, [work(80), call()]);
    fleet.ask({ deadlineMs: 70 });
    fleet.pass(1000);
    expect(fleet.answers).toMatchObject([{ atMs: 80, cause: "error", origin: [A, "timeout"] }]);
    expect([fleet.sent, fleet.service(A, "abandonedOwn"), fleet.edge(0, "abandonedWaiting")]).toEqual([[], 1, 0]);
  });
});

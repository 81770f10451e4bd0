import { describe, expect, it } from "vitest";
import { CANCELLED, ERROR, OK, OVERLOAD, TIMEOUT } from "../../harness/model/outcome.ts";
import type { OnDeadline, StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import { LoneInstance, NOTHING } from "./lone-instance.ts";
import { call, together, variantPlan, wait, work } from "./variant-plan.ts";

/** Two policies, so that blame can be told apart. */
const calls = [{}, {}] as unknown as readonly CallPlan[];

function instanceOf(
  onDeadline: OnDeadline,
  steps: readonly StepPlan[],
  changes: Partial<VariantPlan> = {},
): LoneInstance {
  return new LoneInstance(variantPlan(steps, { onDeadline, calls, ...changes }));
}

/** `[given up in all, blamed on the instance, on its first call, on its second]`. */
function blame({ machine: { meters } }: LoneInstance): readonly number[] {
  return [meters.abandoned, meters.abandonedOwn, ...meters.abandonedWaiting];
}

describe("a request whose caller gave up while it was in line", () => {
  const run = (onDeadline: OnDeadline): LoneInstance => {
    const instance = instanceOf(onDeadline, [work(10)], {
      pool: { model: "threads", concurrency: 1, queueCapacity: 2 },
    });
    const visits = [1, 2, 3].map((key) => instance.arrive({ key }));
    instance.pass(4);
    instance.abandon(visits[1]!);
    instance.arrive({ key: 4 });
    instance.pass(100);
    expect(blame(instance)).toEqual([1, 1, 0, 0]);
    expect(instance.leaks()).toEqual(NOTHING);
    return instance;
  };

  it("is served all the same where the version ignores it, in vain", () => {
    const instance = run("ignore");
    expect(instance.outcomes).toEqual([
      [4, 4, OVERLOAD],
      [1, 10, OK],
      [2, 20, OK],
      [3, 30, OK],
    ]);
    expect(instance.machine.meters.wasted).toBe(1);
  });

  it("keeps its place and is skipped when its turn comes, where the version drops it", () => {
    const instance = run("drop");
    expect(instance.outcomes).toEqual([
      [4, 4, OVERLOAD],
      [1, 10, OK],
      [2, 10, TIMEOUT],
      [3, 20, OK],
    ]);
    expect(instance.machine.meters.wasted).toBe(0);
  });

  it("leaves at once where the version cancels it, and makes room", () => {
    const instance = run("cancel");
    expect(instance.outcomes).toEqual([
      [2, 4, CANCELLED],
      [1, 10, OK],
      [3, 20, OK],
      [4, 30, OK],
    ]);
    expect(instance.machine.meters.wasted).toBe(0);
  });
});

describe("a request whose caller gave up while it was worked on", () => {
  const steps = [together([call(0)], [work(100)], [wait(50), call(1)]), work(10)];
  const run = (onDeadline: OnDeadline): LoneInstance => {
    const instance = instanceOf(onDeadline, steps);
    const visit = instance.arrive({ key: 1 });
    instance.pass(20);
    instance.abandon(visit);
    instance.pass(60);
    for (const slot of instance.open) instance.answer(slot);
    instance.pass(1000);
    expect(instance.leaks()).toEqual(NOTHING);
    expect(blame(instance)).toEqual([1, 1, 0, 0]);
    return instance;
  };

  it.each(["ignore", "drop"] as const)("is finished where the version does %s, in vain", (onDeadline) => {
    const instance = run(onDeadline);
    expect(instance.outcomes).toEqual([[1, 110, OK]]);
    expect(instance.machine.meters.wasted).toBe(1);
  });

  it("is stopped with its calls where the version cancels it, and its worker is free", () => {
    const instance = run("cancel");
    expect(instance.outcomes).toEqual([[1, 20, CANCELLED]]);
    expect(instance.dropped).toEqual([0]);
    expect(instance.calls).toHaveLength(1);
    expect(instance.machine.meters.wasted).toBe(0);
  });
});

describe("blame for a request that was given up", () => {
  it("falls on the callee where the request did nothing but wait for it", () => {
    const instance = instanceOf("ignore", [work(10), together([call(1)], [wait(5)])]);
    const visit = instance.arrive();
    instance.pass(30);
    instance.abandon(visit);
    expect(blame(instance)).toEqual([1, 0, 0, 1]);
  });

  it("falls on the instance itself while any of its branches works", () => {
    const instance = instanceOf("ignore", [together([call(1)], [wait(50)])]);
    const visit = instance.arrive();
    instance.pass(30);
    instance.abandon(visit);
    expect(blame(instance)).toEqual([1, 1, 0, 0]);
  });

  it("falls on the instance itself where the request wants its worker back", () => {
    const pool = { model: "async", concurrency: 1, queueCapacity: null } as const;
    const instance = instanceOf("ignore", [call(0), work(10)], { pool });
    const visits = [1, 2].map((key) => instance.arrive({ key }));
    instance.answer(0);
    instance.answer(1);
    instance.abandon(visits[1]!);
    expect(blame(instance)).toEqual([1, 1, 0, 0]);
  });

  it("is given once", () => {
    const instance = instanceOf("ignore", [call(0), work(10)]);
    const visit = instance.arrive({ deadlineMs: 50 });
    instance.pass(60);
    instance.abandon(visit);
    instance.answer(0);
    instance.abandon(visit);
    instance.pass(100);
    expect(blame(instance)).toEqual([1, 0, 1, 0]);
  });
});

describe("a deadline that passes while the news is still on its way", () => {
  it("is noticed at the next thing that happens, and blames what went on until then", () => {
    const instance = instanceOf("ignore", [call(0), work(10)]);
    instance.arrive({ deadlineMs: 50 });
    instance.pass(60);
    instance.answer(0);
    // It waited for its callee at 50, though it works now.
    expect(blame(instance)).toEqual([1, 0, 1, 0]);
    instance.pass(100);
    expect(instance.outcomes).toEqual([[0, 70, OK]]);
    expect(instance.machine.meters.wasted).toBe(1);
  });

  it("is not noticed before it has passed", () => {
    const instance = instanceOf("ignore", [work(10), call(0)]);
    instance.arrive({ deadlineMs: 50 });
    instance.pass(49);
    instance.answer(0);
    expect(instance.outcomes).toEqual([[0, 49, OK]]);
    expect(blame(instance)).toEqual([0, 0, 0, 0]);
    expect(instance.machine.meters.wasted).toBe(0);
  });

  it("blames the instance for work that ends too late, and the callee for a call that fails too late", () => {
    const own = instanceOf("ignore", [call(0), work(10)]);
    own.arrive({ deadlineMs: 5 });
    own.answer(0);
    own.pass(100);
    expect(blame(own)).toEqual([1, 1, 0, 0]);
    const other = instanceOf("ignore", [work(10), call(1)]);
    other.arrive({ deadlineMs: 50 });
    other.pass(50);
    other.answer(0, TIMEOUT);
    expect(blame(other)).toEqual([1, 0, 0, 1]);
    expect(other.ended).toMatchObject([{ cause: ERROR, status: 504 }]);
  });

  it("skips a request in line, where the version does not ignore it", () => {
    const run = (onDeadline: OnDeadline): LoneInstance["outcomes"] => {
      const instance = instanceOf(onDeadline, [work(10)]);
      instance.arrive({ key: 1 });
      instance.arrive({ key: 2, deadlineMs: 10 });
      instance.arrive({ key: 3, deadlineMs: 30 });
      instance.pass(100);
      expect(blame(instance)).toEqual(onDeadline === "ignore" ? [2, 2, 0, 0] : [1, 1, 0, 0]);
      return instance.outcomes;
    };
    const skipped = [
      [1, 10, OK],
      [2, 10, TIMEOUT],
      [3, 20, OK],
    ];
    expect(run("drop")).toEqual(skipped);
    expect(run("cancel")).toEqual(skipped);
    expect(run("ignore")).toEqual([
      [1, 10, OK],
      [2, 20, OK],
      [3, 30, OK],
    ]);
  });

  it("skips a request that comes too late, though a worker is free", () => {
    const run = (onDeadline: OnDeadline): LoneInstance["outcomes"] => {
      const instance = instanceOf(onDeadline, [work(10)]);
      instance.pass(100);
      instance.arrive({ deadlineMs: 90 });
      instance.pass(200);
      return instance.outcomes;
    };
    expect(run("ignore")).toEqual([[0, 110, OK]]);
    expect(run("drop")).toEqual([[0, 100, TIMEOUT]]);
    expect(run("cancel")).toEqual([[0, 100, TIMEOUT]]);
  });
});

describe("a request given up at the door", () => {
  it.each([
    ["ignore", 40, OK],
    ["drop", 30, TIMEOUT],
    ["cancel", 30, TIMEOUT],
  ] as const)("is admitted later, and where the version does %s ends at %i", (onDeadline, atMs, cause) => {
    const instance = instanceOf(onDeadline, [work(10)]);
    const visit = instance.hold({ key: 7 });
    instance.pass(5);
    instance.abandon(visit);
    instance.pass(30);
    instance.admit(visit);
    instance.pass(100);
    expect(instance.outcomes).toEqual([[7, atMs, cause]]);
    expect(instance.leaks()).toEqual(NOTHING);
  });
});

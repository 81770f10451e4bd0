// The steps of an operation: in order, together, by chance, by call, and what a failed call means.
import { describe, expect, it } from "vitest";
import { CONNECTION_RESET, ERROR, OK, TIMEOUT, WRONG } from "../../harness/model/outcome.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { CALLEE, LoneInstance, NOTHING, SELF } from "./lone-instance.ts";
import { call, exponential, together, variantPlan, wait, work } from "./variant-plan.ts";

const MANY: Partial<VariantPlan> = {
  pool: { model: "threads", concurrency: null, queueCapacity: null },
  cpu: { cores: null, scheduling: "shared" },
};

function instanceOf(...steps: readonly StepPlan[]): LoneInstance {
  return new LoneInstance(variantPlan(steps, MANY));
}

/** When a request that arrives at 0 ends, if its calls take no time. */
function durationOf(...steps: readonly StepPlan[]): number {
  const instance = instanceOf(...steps);
  instance.arrive();
  instance.pass(10_000);
  expect(instance.leaks()).toEqual(NOTHING);
  return instance.ended[0]!.atMs;
}

describe("steps", () => {
  it("run in order", () => {
    expect(durationOf(work(10), wait(5), work(3))).toBe(18);
  });

  it("of a group run together, and the group lasts as long as its longest branch", () => {
    expect(durationOf(work(1), together([wait(10)], [wait(4), wait(7)], [], [wait(2)]), work(2))).toBe(14);
  });

  it("of groups within groups do the same", () => {
    expect(
      durationOf(together([wait(1), together([wait(5)], [together([wait(9)], [])]), wait(1)], [wait(3)]), wait(4)),
    ).toBe(15);
  });

  it("that take no time end at once, in groups too", () => {
    expect(durationOf(work(0), together([], [wait(0)], [together([], [work(0)])]), together([]))).toBe(0);
  });

  it("of a group share the cores like anybody else", () => {
    const plan = variantPlan([together([work(10)], [work(10)])], { cpu: { cores: 1, scheduling: "shared" } });
    const instance = new LoneInstance(plan);
    instance.arrive();
    instance.pass(100);
    expect(instance.ended[0]!.atMs).toBe(20);
  });

  it("of a group that gets its worker back run in the order of their branches", () => {
    const operations = [{ steps: [call(), together([work(1)], [work(2)], [work(4)])] }, { steps: [work(100)] }];
    const plan = variantPlan([], {
      operations,
      pool: { model: "async", concurrency: 1, queueCapacity: null },
      cpu: { cores: 1, scheduling: "fifo" },
    });
    const instance = new LoneInstance(plan);
    instance.arrive({ key: 1 });
    instance.arrive({ key: 2, operation: 1 });
    instance.answer(0);
    instance.pass(101);
    // The first branch is done; the others have the core one after the other.
    expect(instance.machine.nextWakeup()).toBe(103);
    instance.pass(200);
    expect(instance.outcomes).toEqual([
      [2, 100, OK],
      [1, 107, OK],
    ]);
  });
});

describe("chance", () => {
  it("takes the share of requests that the step says, each time the same ones", () => {
    const taken = (probability: number, site: number): Set<number> => {
      const instance = instanceOf(wait(10, site, probability));
      for (let key = 0; key < 10_000; key++) instance.arrive({ key });
      instance.pass(10);
      return new Set(instance.ended.filter(({ atMs }) => atMs === 10).map(({ key }) => key));
    };
    const some = taken(0.3, 5);
    // Binomial: 3,000 ± 5 standard deviations of 45.8.
    expect(Math.abs(some.size - 3000)).toBeLessThan(230);
    expect(taken(0.3, 5)).toEqual(some);
    // Another step's draws are others: both together take about 9 %.
    expect(Math.abs(some.intersection(taken(0.3, 6)).size - 900)).toBeLessThan(143);
    expect(taken(1, 5).size).toBe(10_000);
    expect(taken(0, 5).size).toBe(0);
  });

  it("gives a request the same work whatever arrives before it and whatever its version does elsewhere", () => {
    const times = (keys: readonly number[], ...others: readonly StepPlan[]): Map<number, number> => {
      const instance = instanceOf(...others, wait(exponential(20), 9));
      for (const key of keys) instance.arrive({ key });
      instance.pass(10_000);
      return new Map(instance.ended.map(({ key, atMs }) => [key, atMs]));
    };
    const keys = [1, 2, 3, 4, 5];
    const some = times(keys);
    expect(new Set(some.values()).size).toBe(5);
    const reversed = times([9, 8, ...keys.toReversed()]);
    const after = times(keys, work(0, 4), together([], [work(0, 3, 0.5)]));
    for (const key of keys) {
      expect(reversed.get(key)).toBe(some.get(key));
      expect(after.get(key)).toBe(some.get(key));
    }
  });
});

describe("a call", () => {
  it("lets the steps go on when it has ended well", () => {
    const instance = instanceOf(call(), work(5));
    instance.arrive();
    instance.pass(20);
    instance.answer(0, OK, { slowUs: 19_000 });
    instance.pass(100);
    // Its own time is 5 ms; the callee spent more.
    expect(instance.ended).toMatchObject([{ atMs: 25, cause: OK, isDegraded: false, slow: [CALLEE, 19_000] }]);
  });

  it("that fails ends the request, and hands the origin on", () => {
    const statusOf = (cause: number): number => {
      const instance = instanceOf(call(), work(5));
      instance.arrive();
      instance.answer(0, cause);
      expect(instance.ended).toMatchObject([{ cause: ERROR, origin: [CALLEE, cause] }]);
      expect(instance.leaks()).toEqual(NOTHING);
      return instance.ended[0]!.status;
    };
    expect([TIMEOUT, CONNECTION_RESET].map(statusOf)).toEqual([504, 502]);
  });

  it("with a false answer makes the whole answer false", () => {
    const instance = instanceOf(call(), work(5));
    instance.arrive();
    instance.answer(0, WRONG);
    instance.pass(10);
    expect(instance.ended).toMatchObject([{ cause: WRONG, status: 200, origin: [CALLEE, WRONG] }]);
  });

  it("that is optional degrades the answer when it fails, and passes on that the callee's was degraded", () => {
    const endOf = (cause: number, degraded: boolean): object => {
      const instance = instanceOf(call(0, { optional: true }), work(5));
      instance.arrive();
      instance.answer(0, cause, { degraded });
      instance.pass(10);
      const { atMs, cause: end, isDegraded } = instance.ended[0]!;
      return { atMs, end, isDegraded };
    };
    expect(endOf(ERROR, false)).toEqual({ atMs: 5, end: OK, isDegraded: true });
    expect(endOf(OK, true)).toEqual({ atMs: 5, end: OK, isDegraded: true });
    expect(endOf(OK, false)).toEqual({ atMs: 5, end: OK, isDegraded: false });
  });

  it("with a fallback does that when it fails, and then goes on, degraded", () => {
    const instance = instanceOf(call(0, { fallback: [wait(7), call(1)] }), work(5));
    instance.arrive();
    instance.answer(0, ERROR);
    instance.pass(7);
    expect(instance.calls.map(({ policy, atMs }) => [policy, atMs])).toEqual([
      [0, 0],
      [1, 7],
    ]);
    instance.answer(1);
    instance.pass(20);
    expect(instance.ended).toMatchObject([{ atMs: 12, cause: OK, isDegraded: true }]);
  });

  it("leaves its fallback alone when it ends well, and may have an empty one", () => {
    const well = instanceOf(call(0, { fallback: [wait(7)] }));
    well.arrive();
    well.answer(0);
    expect(well.ended).toMatchObject([{ atMs: 0, isDegraded: false }]);
    const empty = instanceOf(call(0, { fallback: [] }), work(5));
    empty.arrive();
    empty.answer(0, ERROR);
    empty.pass(10);
    expect(empty.ended).toMatchObject([{ atMs: 5, cause: OK, isDegraded: true }]);
  });

  it("has fallbacks in a chain, each where the one before it fails", () => {
    const chain = call(0, { fallback: [call(1, { fallback: [call(2, { fallback: [wait(3)] })] })] });
    const policiesAfter = (failures: number): unknown[] => {
      const instance = instanceOf(chain, work(5));
      instance.arrive();
      for (let slot = 0; slot < failures; slot++) instance.answer(slot, ERROR);
      if (failures < 3) instance.answer(failures);
      instance.pass(20);
      expect(instance.leaks()).toEqual(NOTHING);
      const [{ atMs, cause, isDegraded }] = instance.ended as [(typeof instance.ended)[number]];
      return [instance.calls.map(({ policy }) => policy), atMs, cause, isDegraded];
    };
    expect([0, 1, 2, 3].map(policiesAfter)).toEqual([
      [[0], 5, OK, false],
      [[0, 1], 5, OK, true],
      [[0, 1, 2], 5, OK, true],
      [[0, 1, 2], 8, OK, true],
    ]);
  });

  it("fails the request where its fallback's own call fails", () => {
    const instance = instanceOf(call(0, { optional: true, fallback: [call(1)] }));
    instance.arrive();
    instance.answer(0, ERROR);
    instance.answer(1, TIMEOUT);
    expect(instance.ended).toMatchObject([{ cause: ERROR, origin: [CALLEE, TIMEOUT] }]);
  });

  it("can be made many times in one group", () => {
    const instance = instanceOf(together(...Array.from({ length: 200 }, (_, i) => [call(0, { site: i })])), work(1));
    instance.arrive();
    expect(instance.open).toHaveLength(200);
    for (let slot = 0; slot < 200; slot++) instance.answer(slot);
    instance.pass(1);
    expect(instance.outcomes).toEqual([[0, 1, OK]]);
    expect(instance.leaks()).toEqual(NOTHING);
  });
});

describe("a required step of a group that fails", () => {
  it("ends the request at once, stops the work of its siblings and drops their calls", () => {
    const steps = together([call(0)], [work(100)], [wait(100)], [together([call(1)], [wait(50), call(2)])]);
    const instance = instanceOf(steps, work(5));
    instance.arrive({ key: 1 });
    instance.pass(10);
    instance.answer(0, ERROR);
    expect(instance.outcomes).toEqual([[1, 10, ERROR]]);
    expect(instance.dropped).toEqual([1]);
    expect(instance.leaks()).toEqual(NOTHING);
    instance.pass(1000);
    expect(instance.calls).toHaveLength(2);
    expect(instance.ended).toHaveLength(1);
  });

  it("frees the worker for the next in line", () => {
    const instance = new LoneInstance(variantPlan([together([call(0)], [wait(100)])]));
    for (const key of [1, 2]) instance.arrive({ key });
    instance.pass(10);
    instance.answer(0, ERROR);
    expect(instance.calls.map(({ key, atMs }) => [key, atMs])).toEqual([
      [1, 0],
      [2, 10],
    ]);
  });

  it("that is only optional leaves its siblings alone", () => {
    const instance = instanceOf(together([call(0, { optional: true })], [wait(20)]));
    instance.arrive();
    instance.answer(0, ERROR);
    instance.pass(50);
    expect(instance.ended).toMatchObject([{ atMs: 20, cause: OK, isDegraded: true }]);
  });
});

describe("a request's own time", () => {
  it("is what it spent without any call out", () => {
    const instance = instanceOf(work(3), together([call(0)], [wait(10), call(1)], [wait(1)]), work(4));
    instance.arrive();
    instance.pass(13);
    instance.answer(1);
    instance.pass(20);
    instance.answer(0);
    instance.pass(100);
    // Calls were out from 3 to 20; 3 and 4 are its own.
    expect(instance.ended).toMatchObject([{ atMs: 24, slow: [SELF, 7000] }]);
  });

  it("ends with the call that was out when it failed", () => {
    const instance = instanceOf(work(3), together([call(0)], [call(1)]));
    instance.arrive();
    instance.pass(50);
    instance.answer(0, ERROR);
    expect(instance.ended).toMatchObject([{ atMs: 50, slow: [SELF, 3000] }]);
  });

  it("and everything else about it is forgotten when its slot is used again", () => {
    const operations = [{ steps: [call(0), call(1, { optional: true }), work(4)] }, { steps: [work(4)] }];
    const instance = new LoneInstance(variantPlan([], { operations, pool: { ...MANY.pool!, model: "async" } }));
    const first = instance.arrive();
    instance.pass(50);
    instance.answer(0, WRONG, { slowUs: 50_000 });
    instance.answer(1, ERROR);
    instance.pass(60);
    const second = instance.arrive({ operation: 1 });
    instance.pass(100);
    expect(second).toBe(first);
    expect(instance.ended[1]).toMatchObject({ cause: OK, isDegraded: false, origin: [SELF, OK], slow: [SELF, 4000] });
  });
});

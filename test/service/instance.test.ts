// The door, the queue and the workers of one instance; what its steps do is in execution.test.ts.
import { describe, expect, it } from "vitest";
import { CANCELLED, DEPTH_LIMIT, ERROR, OK, OVERLOAD, REFUSED, TOO_DEEP } from "../../harness/model/outcome.ts";
import type { PoolPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { LoneInstance, NOTHING, SELF } from "./lone-instance.ts";
import { call, variantPlan, wait, work } from "./variant-plan.ts";

function pool(concurrency: number | null, queueCapacity: number | null = null): PoolPlan {
  return { model: "threads", concurrency, queueCapacity };
}

function async(concurrency: number): PoolPlan {
  return { model: "async", concurrency, queueCapacity: null };
}

describe("an instance", () => {
  it("serves requests in the order in which they arrived, as many at once as it has workers", () => {
    const instance = new LoneInstance(variantPlan([work(10)], { pool: pool(2) }));
    for (const key of [1, 2, 3, 4, 5]) instance.arrive({ key });
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [1, 10, OK],
      [2, 10, OK],
      [3, 20, OK],
      [4, 20, OK],
      [5, 30, OK],
    ]);
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("refuses what its queue has no room for, and takes it again when there is room", () => {
    const instance = new LoneInstance(variantPlan([work(10)], { pool: pool(1, 2) }));
    for (const key of [1, 2, 3, 4]) instance.arrive({ key });
    expect(instance.ended).toMatchObject([{ key: 4, cause: OVERLOAD, status: 503, origin: [SELF, OVERLOAD] }]);
    instance.pass(10);
    instance.arrive({ key: 5 });
    instance.pass(100);
    expect(instance.outcomes.slice(1)).toEqual([
      [1, 10, OK],
      [2, 20, OK],
      [3, 30, OK],
      [5, 40, OK],
    ]);
  });

  it("with a queue of none serves or refuses", () => {
    const instance = new LoneInstance(variantPlan([work(10)], { pool: pool(1, 0) }));
    for (const key of [1, 2]) instance.arrive({ key });
    expect(instance.outcomes).toEqual([[2, 0, OVERLOAD]]);
  });

  it("with unlimited workers serves everybody at once", () => {
    const instance = new LoneInstance(variantPlan([wait(10)], { pool: pool(null, 0) }));
    for (let key = 0; key < 500; key++) instance.arrive({ key });
    instance.pass(10);
    expect(instance.ended).toHaveLength(500);
    expect(instance.machine.workers).toBe(Infinity);
  });

  it("ends at once what costs nothing, however many wait for it", () => {
    const free: Partial<VariantPlan> = { operations: [{ steps: [work(10)] }, { steps: [] }, { steps: [work(0)] }] };
    const instance = new LoneInstance(variantPlan([], free));
    instance.arrive({ key: -1 });
    for (let key = 0; key < 20_000; key++) instance.arrive({ key, operation: 1 + (key & 1) });
    instance.pass(10);
    expect(instance.ended).toHaveLength(20_001);
    expect(instance.ended.every(({ atMs }) => atMs === 10)).toBe(true);
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("answers an operation that its version lacks with an error", () => {
    const instance = new LoneInstance(variantPlan([], { operations: [null] }));
    instance.arrive();
    expect(instance.ended).toMatchObject([{ cause: ERROR, status: 404, origin: [SELF, ERROR] }]);
  });

  it("turns away what has been called too deep, so that circles of calls end", () => {
    const instance = new LoneInstance(variantPlan([]));
    instance.arrive({ depth: DEPTH_LIMIT - 1 });
    instance.arrive({ depth: DEPTH_LIMIT });
    expect(instance.ended.map(({ cause }) => cause)).toEqual([OK, TOO_DEEP]);
  });

  it("that is stopping refuses what is new and finishes what it holds", () => {
    const instance = new LoneInstance(variantPlan([work(10)]));
    instance.arrive({ key: 1 });
    instance.arrive({ key: 2 });
    instance.machine.stop();
    expect(instance.machine.isDrained).toBe(false);
    instance.arrive({ key: 3 });
    instance.pass(20);
    expect(instance.outcomes).toEqual([
      [3, 0, REFUSED],
      [1, 10, OK],
      [2, 20, OK],
    ]);
    expect(instance.machine.isDrained).toBe(true);
  });

  it("that is stopping is not drained while a request is still at its door", () => {
    const instance = new LoneInstance(variantPlan([]));
    const { machine } = instance;
    const visit = instance.hold();
    machine.stop();
    expect(machine.isDrained).toBe(false);
    instance.admit(visit);
    expect(instance.ended.map(({ cause }) => cause)).toEqual([REFUSED]);
    expect(machine.isDrained).toBe(true);
  });

  it("counts the time at its door into a request's own time", () => {
    const instance = new LoneInstance(variantPlan([work(10)]));
    const visit = instance.hold();
    instance.pass(30);
    instance.admit(visit);
    instance.pass(100);
    expect(instance.ended).toMatchObject([{ atMs: 40, slow: [SELF, 40_000] }]);
  });

  it("answers in place of its work where a fault tells it to", () => {
    const instance = new LoneInstance(variantPlan([work(10)]));
    instance.refuse(instance.hold({ key: 1 }), 418);
    instance.arrive({ key: 2 });
    expect(instance.ended).toMatchObject([{ key: 1, cause: ERROR, status: 418, origin: [SELF, ERROR] }]);
    instance.pass(10);
    expect(instance.outcomes.at(-1)).toEqual([2, 10, OK]);
  });
});

describe("a pool of threads", () => {
  it("holds the worker through the calls, so a slow callee stops everything", () => {
    const instance = new LoneInstance(variantPlan([call(), work(10)], { pool: pool(1) }));
    instance.arrive({ key: 1 });
    instance.arrive({ key: 2 });
    expect(instance.calls.map(({ key }) => key)).toEqual([1]);
    instance.pass(500);
    instance.answer(0);
    instance.pass(510);
    expect(instance.calls.map(({ key, atMs }) => [key, atMs])).toEqual([
      [1, 0],
      [2, 510],
    ]);
  });
});

describe("an async pool", () => {
  it("gives the worker back while a request waits for its callees", () => {
    const instance = new LoneInstance(variantPlan([work(10), call()], { pool: async(1) }));
    for (const key of [1, 2, 3]) instance.arrive({ key });
    instance.pass(30);
    expect(instance.calls.map(({ key, atMs }) => [key, atMs])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(instance.machine.meters.busy).toBe(0);
  });

  it("lets requests that come back go first, in the order in which they came back", () => {
    const instance = new LoneInstance(variantPlan([call(), work(10)], { pool: async(1) }));
    for (const key of [1, 2, 3]) instance.arrive({ key });
    expect(instance.open).toEqual([0, 1, 2]);
    instance.answer(2);
    instance.arrive({ key: 4 });
    instance.answer(1);
    instance.answer(0);
    instance.pass(100);
    instance.answer(3);
    instance.pass(200);
    expect(instance.outcomes).toEqual([
      [3, 10, OK],
      [2, 20, OK],
      [1, 30, OK],
      [4, 110, OK],
    ]);
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("holds the worker through waits, which are not calls", () => {
    const instance = new LoneInstance(variantPlan([wait(10)], { pool: async(1) }));
    for (const key of [1, 2]) instance.arrive({ key });
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [1, 10, OK],
      [2, 20, OK],
    ]);
  });

  it("needs no worker for a request that has nothing left to do", () => {
    const instance = new LoneInstance(
      variantPlan([call()], { pool: async(1), operations: [{ steps: [call()] }, { steps: [work(100)] }] }),
    );
    instance.arrive({ key: 1 });
    instance.arrive({ key: 2, operation: 1 });
    instance.pass(5);
    instance.answer(0);
    expect(instance.outcomes).toEqual([[1, 5, OK]]);
  });

  it("forgets a request in line that ends before it is its turn", () => {
    const instance = new LoneInstance(variantPlan([call(), work(10)], { pool: async(1), onDeadline: "cancel" }));
    const visits = [1, 2, 3].map((key) => instance.arrive({ key }));
    for (const slot of [0, 1, 2]) instance.answer(slot);
    instance.abandon(visits[1]!);
    instance.pass(20);
    // A later one has its slot, and is not taken for it.
    expect(instance.arrive({ key: 4 })).toBe(visits[1]);
    instance.answer(3);
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [2, 0, CANCELLED],
      [1, 10, OK],
      [3, 20, OK],
      [4, 30, OK],
    ]);
  });
});

describe("a wake-up that comes late", () => {
  it("costs nobody anything: the next task has been running since the last was done", () => {
    const instance = new LoneInstance(
      variantPlan([work(10)], { cpu: { cores: 1, scheduling: "fifo" }, pool: pool(2) }),
    );
    for (const key of [1, 2]) instance.arrive({ key });
    instance.machine.wake(15, 15);
    expect(instance.machine.nextWakeup()).toBe(20);
  });
});

describe("after a standstill", () => {
  it("work has as much left as before, and a wait that is over ends at once", () => {
    const instance = new LoneInstance(
      variantPlan([], { operations: [{ steps: [work(10)] }, { steps: [wait(10)] }], pool: pool(2) }),
    );
    instance.arrive({ key: 1, operation: 0 });
    instance.arrive({ key: 2, operation: 1 });
    instance.pass(4);
    instance.standStill(50);
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [2, 54, OK],
      [1, 60, OK],
    ]);
  });
});

describe("the meters", () => {
  it("integrate what was in the system, in line and at work", () => {
    const instance = new LoneInstance(
      variantPlan([work(10)], { cpu: { cores: 1, scheduling: "fifo" }, pool: pool(2) }),
    );
    for (const key of [1, 2, 3]) instance.arrive({ key });
    instance.pass(40);
    const { machine } = instance;
    machine.advance(40);
    // Three for 10 ms, two for 10, one for 10; the third waits for 10; two workers, then two, then one; one core.
    expect([...machine.meters.integralsMs]).toEqual([60, 10, 50, 30]);
    expect(machine.meters.takeSojournMs(40)).toBe(60);
  });

  it("clip times in system to the interval, so that they equal the integral in each", () => {
    const instance = new LoneInstance(variantPlan([work(30)]));
    instance.arrive();
    const { machine } = instance;
    for (const atMs of [12, 20, 50]) {
      instance.pass(atMs);
      machine.advance(atMs);
      expect(machine.meters.takeSojournMs(atMs)).toBe(machine.meters.integralsMs[0]);
      machine.meters.reset();
    }
  });
});

import { describe, expect, it } from "vitest";
import type { CachePlan } from "../../harness/model/cache-plan.ts";
import { CANCELLED, ERROR, OK, OVERLOAD, WRONG } from "../../harness/model/outcome.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { cachePlan, differentItems } from "./cache-plan.ts";
import { CALLEE, LoneInstance, NOTHING, SELF } from "./lone-instance.ts";
import { call, variantPlan, work } from "./variant-plan.ts";

const POOL = { model: "threads", concurrency: null, queueCapacity: null } as const;
const [A, B] = differentItems(cachePlan(), 2) as [number, number];

function instance(cache: Partial<CachePlan> = {}, changes: Partial<VariantPlan> = {}): LoneInstance {
  return new LoneInstance(variantPlan([call(0)], { pool: POOL, cache: cachePlan(cache), ...changes }));
}

/** A request for `item`, answered like that by the callee; the outcome. */
function fetched(lone: LoneInstance, item: number, cause: number = OK): number {
  const before = lone.ended.length;
  lone.arrive({ item });
  for (const slot of lone.open) lone.answer(slot, cause);
  return lone.ended[before]!.cause;
}

describe("a request that finds its answer", () => {
  it("skips the steps, and is over at once", () => {
    const lone = instance();
    fetched(lone, A);
    lone.pass(5);
    lone.arrive({ item: A, key: 7 });
    expect(lone.ended.at(-1)).toMatchObject({
      key: 7,
      atMs: 5,
      cause: OK,
      status: 200,
      isDegraded: false,
      origin: [SELF, OK],
    });
    expect(lone.calls).toHaveLength(1);
    lone.arrive({ item: B });
    expect(lone.calls).toHaveLength(2);
    const { lookups, hits } = lone.machine.cache!;
    expect([lookups, hits]).toEqual([3, 1]);
  });

  it("needs a worker like any other: behind slow ones it waits", () => {
    const lone = instance({}, { pool: { ...POOL, concurrency: 1, queueCapacity: 1 } });
    fetched(lone, A);
    lone.arrive({ item: B, key: 1 });
    lone.arrive({ item: A, key: 2 });
    lone.arrive({ item: A, key: 3 });
    expect(lone.outcomes.slice(1)).toEqual([[3, 0, OVERLOAD]]);
    lone.pass(10);
    lone.answer(lone.open[0]!);
    expect(lone.outcomes.slice(2)).toEqual([
      [1, 10, OK],
      [2, 10, OK],
    ]);
  });

  it("meets no error of its version: that did no work", () => {
    const errors = [{ share: 1, cause: "error", status: 500, operation: null, site: 1 }] as const;
    const plan = variantPlan([], { pool: POOL, cache: cachePlan({ start: 1 }), errors });
    const lone = new LoneInstance(plan);
    lone.arrive({ item: A });
    expect(lone.ended[0]!.cause).toBe(OK);
  });
});

describe("what is kept", () => {
  it("is a success, not a failure, and nothing that lacks a part", () => {
    const lone = instance();
    expect(fetched(lone, A, ERROR)).toBe(ERROR);
    expect(fetched(lone, A)).toBe(OK);
    expect(lone.calls).toHaveLength(2);
    lone.arrive({ item: B });
    lone.answer(lone.open[0]!, OK, { degraded: true });
    fetched(lone, B);
    expect(lone.calls).toHaveLength(4);
  });

  it("is also a wrong answer, with its origin, long after the mistake", () => {
    const lone = instance();
    expect(fetched(lone, A, WRONG)).toBe(WRONG);
    lone.pass(1000);
    lone.arrive({ item: A });
    expect(lone.ended.at(-1)).toMatchObject({ cause: WRONG, status: 200, origin: [CALLEE, WRONG] });
  });
});

describe("a failure to fetch", () => {
  it("is covered by what is too old, and the answer is degraded", () => {
    const lone = instance({ ttlMs: 10, staleIfError: true });
    fetched(lone, A);
    lone.pass(20);
    expect(fetched(lone, A, ERROR)).toBe(OK);
    expect(lone.ended.at(-1)).toMatchObject({ status: 200, isDegraded: true, origin: [SELF, OK] });
    expect(lone.machine.cache!.stale).toBe(1);
    expect(lone.leaks()).toEqual(NOTHING);
  });

  it("that is remembered fails the next at once, with the same origin", () => {
    const lone = instance({ negativeTtlMs: 10 });
    fetched(lone, A, ERROR);
    lone.arrive({ item: A });
    expect(lone.ended.at(-1)).toMatchObject({ cause: ERROR, status: 502, origin: [CALLEE, ERROR] });
    expect(lone.calls).toHaveLength(1);
    expect(lone.machine.cache!.negative).toBe(1);
    lone.pass(10);
    expect(fetched(lone, A)).toBe(OK);
  });
});

describe.each(["threads", "async"] as const)("a single flight (%s)", (model) => {
  const single = (changes: Partial<VariantPlan> = {}, concurrency: number | null = null): LoneInstance =>
    instance({ singleFlight: true }, { pool: { ...POOL, model, concurrency }, ...changes });

  it("fetches once for all who want the same, and they share the answer", () => {
    const lone = single();
    for (const key of [1, 2, 3]) lone.arrive({ item: A, key });
    lone.arrive({ item: B, key: 4 });
    expect(lone.calls).toHaveLength(2);
    lone.pass(10);
    lone.answer(lone.open[0]!, OK, { slowUs: 9000 });
    expect(lone.outcomes.map(([key, atMs, cause]) => [key, atMs, cause])).toEqual([
      [1, 10, OK],
      [2, 10, OK],
      [3, 10, OK],
    ]);
    expect(lone.ended.map(({ slow }) => slow)).toEqual([1, 2, 3].map(() => [CALLEE, 9000]));
    expect(lone.machine.cache!.shared).toBe(2);
  });

  it("fails once for all of them", () => {
    const lone = single();
    for (const key of [1, 2]) lone.arrive({ item: A, key });
    lone.answer(lone.open[0]!, ERROR);
    expect(lone.ended.map(({ cause, origin }) => [cause, origin])).toEqual([1, 2].map(() => [ERROR, [CALLEE, ERROR]]));
    lone.arrive({ item: A });
    expect(lone.calls).toHaveLength(2);
  });

  it("lets one that gives up go, and blames for it what the fetch waits for", () => {
    const lone = single({ onDeadline: "cancel", calls: [CALL_PLAN] });
    lone.arrive({ item: A, key: 1 });
    const second = lone.arrive({ item: A, key: 2 });
    lone.pass(5);
    lone.abandon(second);
    expect(lone.outcomes).toEqual([[2, 5, CANCELLED]]);
    expect([lone.machine.meters.abandonedOwn, lone.machine.meters.abandonedWaiting[0]]).toEqual([0, 1]);
    lone.answer(lone.open[0]!);
    expect(lone.outcomes).toHaveLength(2);
    expect(lone.leaks()).toEqual(NOTHING);
  });

  it("goes on with the first of the others when the one that fetches is cancelled", () => {
    const lone = single({ onDeadline: "cancel" });
    const first = lone.arrive({ item: A, key: 1 });
    for (const key of [2, 3]) lone.arrive({ item: A, key });
    lone.abandon(first);
    expect([lone.calls.length, lone.open.length]).toEqual([2, 1]);
    lone.arrive({ item: A, key: 4 });
    lone.answer(lone.open[0]!);
    expect(lone.outcomes.map(([key, , cause]) => [key, cause])).toEqual([
      [1, CANCELLED],
      [2, OK],
      [3, OK],
      [4, OK],
    ]);
    expect(lone.leaks()).toEqual(NOTHING);
  });

  it("holds the workers of those who wait, unless they work asynchronously", () => {
    const lone = single({ operations: [{ steps: [work(10), call(0), work(10)] }] }, 2);
    for (const key of [1, 2, 3]) lone.arrive({ item: key === 3 ? B : A, key });
    expect(lone.machine.meters.queued).toBe(model === "threads" ? 1 : 0);
    lone.pass(11);
    for (const slot of lone.open) lone.answer(slot);
    lone.pass(31);
    for (const slot of lone.open) lone.answer(slot);
    lone.pass(60);
    expect(new Set(lone.outcomes.map(([key]) => key))).toEqual(new Set([1, 2, 3]));
    expect(lone.leaks()).toEqual(NOTHING);
  });
});

const CALL_PLAN = { callee: CALLEE, edge: 0 } as VariantPlan["calls"][number];

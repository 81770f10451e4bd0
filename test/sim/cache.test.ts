// Caches in a fleet: what a request is about goes with it through retries and from service to service, and what an
// instance remembers dies with it.
import { describe, expect, it } from "vitest";
import type { CachePlan } from "../../harness/model/cache-plan.ts";
import type { RetryPlan } from "../../harness/model/call-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { CACHE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { calling, fleetPlan } from "../actor/fleet-plan.ts";
import { fault } from "../actor/lone-service.ts";
import { cachePlan } from "../service/cache-plan.ts";
import { call, constant, variantPlan, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

/** A hundred a second, evenly, for the first eight seconds of ten. */
const LOAD: Plan["loads"][number]["rate"] = [
  { atMs: 0, ratePerSecond: 100 },
  { atMs: 8000, ratePerSecond: 100 },
  { atMs: 8000, ratePerSecond: 0 },
];
const REQUESTS = 800;

const MANY: Partial<VariantPlan> = { pool: { model: "threads", concurrency: null, queueCapacity: null } };

/** So many keys that no two arrivals are about the same. */
const ALL_DIFFERENT: Partial<CachePlan> = { keys: { count: 1_000_000_000, zipf: 0 } };

const THREE_AT_ONCE: RetryPlan = {
  maxAttempts: 3,
  retryOn: ["error"],
  backoff: null,
  budget: null,
};

function cached(changes: Partial<CachePlan>, more: Partial<VariantPlan> = {}): VariantPlan {
  return variantPlan([call(0)], { ...MANY, calls: [calling(1)], cache: cachePlan(changes), ...more });
}

/** A column of a service's caches, summed over a run. */
function cacheSum(sums: Sums, plan: Plan, service: number, column: keyof typeof CACHE): number {
  expect(CACHE[column]).toBeLessThan(SERVICE_WIDTH);
  const rowsBefore = plan.services.slice(0, service).reduce((sum, { variants }) => sum + variants.length, 0);
  return sums.buckets.reduce((sum, { services }) => {
    const row = services.find(([each]) => each === rowsBefore) ?? [];
    const at = row.findIndex((each, place) => place % 2 === 1 && each === CACHE[column]);
    return sum + (at < 0 ? 0 : row[at + 1]!);
  }, 0);
}

const load = { arrivals: "constant" as const, rate: LOAD };

describe("what a request is about", () => {
  const broken = variantPlan([work(1)], {
    ...MANY,
    errors: [{ share: 1, cause: "error", status: 500, operation: null, site: 1 }],
  });

  it("is the same when it is tried again: what failed is remembered, and asked for once", async () => {
    const a = cached({ ...ALL_DIFFERENT, negativeTtlMs: 1000 });
    const plan = fleetPlan([a, broken], { load: { ...load, calls: [calling(0, { retry: THREE_AT_ONCE })] } });
    const sums = new Sums(await record(plan));
    expect(sums.service(0, "arrived")).toBe(3 * REQUESTS);
    expect(sums.service(1, "arrived")).toBe(REQUESTS);
    expect(cacheSum(sums, plan, 0, "negative")).toBe(2 * REQUESTS);
  });

  it("is the same in a hedge, which here waits for what the first attempt fetches", async () => {
    const hedge = { maxAttempts: 2, delay: { delayMs: 10 }, nonFatal: [], budget: null } as const;
    const a = variantPlan([call(0)], { ...MANY, calls: [calling(1, { hedge })] });
    const b = variantPlan([call(0)], {
      ...MANY,
      calls: [calling(2)],
      cache: cachePlan({ ...ALL_DIFFERENT, singleFlight: true }),
    });
    const plan = fleetPlan([a, b, variantPlan([work(50)], MANY)], { load });
    const sums = new Sums(await record(plan));
    expect(sums.service(1, "arrived")).toBe(2 * REQUESTS);
    expect(cacheSum(sums, plan, 1, "shared")).toBe(REQUESTS);
    expect(sums.service(2, "arrived")).toBe(REQUESTS);
  });

  it("is the same for the caches behind: what one does not know, another of its kind does not know either", async () => {
    const keys = { count: 50, zipf: 1 };
    const a = cached({ keys });
    const b = variantPlan([call(0)], { ...MANY, calls: [calling(2)], cache: cachePlan({ keys }) });
    const plan = fleetPlan([a, b, variantPlan([work(1)], MANY)], { load });
    const sums = new Sums(await record(plan));
    const misses = sums.service(1, "arrived");
    expect(misses).toBeGreaterThan(10);
    expect(misses).toBeLessThan(REQUESTS / 2);
    expect(cacheSum(sums, plan, 0, "hits")).toBe(REQUESTS - misses);
    // Only what was fetched twice at the same time is found behind.
    expect(cacheSum(sums, plan, 1, "hits")).toBeLessThan(5);
  });

  it("differs between the calls that one request makes to the same operation", async () => {
    const a = variantPlan([call(0, { site: 1 }), call(0, { site: 2 }), call(0, { site: 3 })], {
      ...MANY,
      calls: [calling(1)],
    });
    const b = variantPlan([work(1)], { ...MANY, cache: cachePlan(ALL_DIFFERENT) });
    const plan = fleetPlan([a, b], { load });
    const sums = new Sums(await record(plan));
    expect(cacheSum(sums, plan, 1, "lookups")).toBe(3 * REQUESTS);
    expect(cacheSum(sums, plan, 1, "hits")).toBe(0);
  });
});

describe("a crash", () => {
  const crash: Plan["timeline"][number] = {
    do: "fault",
    atMs: 4000,
    forMs: null,
    background: true,
    fault: { kind: "crash", attributes: {}, scope: fault(0, "delay", 0).scope },
  };
  const keys = { count: 20, zipf: 0 };
  const run = async (changes: Partial<CachePlan>): Promise<readonly [before: number, after: number]> => {
    const a = cached({ keys, start: 1, ...changes }, { startupMs: constant(100) });
    const plan = fleetPlan([a, variantPlan([work(1)], MANY)], { load, timeline: [crash] });
    const recording = await record(plan);
    return [new Sums(recording, 0, 4000).service(1, "arrived"), new Sums(recording, 4000).service(1, "arrived")];
  };

  it("empties the cache, which is filled again by those who ask", async () => {
    const [before, after] = await run({});
    expect(before).toBe(0);
    expect(after).toBeGreaterThanOrEqual(20);
    expect(after).toBeLessThan(30);
  });

  it("leaves one that is filled on start as it was", async () => {
    expect(await run({ coldOnStart: false })).toEqual([0, 0]);
  });
});

it("the entries that are told are those that there are", async () => {
  const a = cached({ keys: { count: 20, zipf: 0 }, start: 1, capacity: 15 });
  const plan = fleetPlan([a, variantPlan([work(1)], MANY)], { load });
  const sums = new Sums(await record(plan));
  expect(cacheSum(sums, plan, 0, "entriesMs")).toBeCloseTo(15 * plan.endMs, 6);
});

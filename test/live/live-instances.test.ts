// What an instance remembers, logs and leaves behind on real processes is what it does in virtual time: what a request is about, and
// which calls fail, travels in its head.
import { expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import type { Recording } from "../../harness/recording/recording.ts";
import { CACHE, LIFE, LOGGING } from "../../harness/signals/columns.ts";
import { cachePlan } from "../service/cache-plan.ts";
import { collectedMemory, lifePlan } from "../service/life-plan.ts";
import { record } from "../sim/run.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { call, constant, fault, service, toCall, twoTiers, variant, work } from "./small-plan.ts";

const { SERVICE } = COLUMNS;
const [FRONT, BACK] = [0, 1];

/** Nobody is on the way when the run ends. */
function planOf(front: Partial<VariantPlan>, back: Partial<VariantPlan>): Plan {
  const calling = { calls: [call(1, BACK)], ...front };
  const plan = twoTiers({
    endMs: 3000,
    services: [
      service("front", 1, variant([work(constant(1)), optionalCall()], calling)),
      service("back", 1, variant([work(constant(2))], back)),
    ],
  });
  const rate = [
    { atMs: 0, ratePerSecond: 100 },
    { atMs: 2000, ratePerSecond: 100 },
    { atMs: 2000, ratePerSecond: 0 },
  ];
  return { ...plan, loads: plan.loads.map((load) => ({ ...load, rate })) };
}

function optionalCall(): StepPlan {
  const step = toCall(0);
  return step.do === "call" ? { ...step, optional: true } : step;
}

async function onBoth(plan: Plan): Promise<readonly [sim: Recording, live: Recording]> {
  const { recording } = await runLive(plan, { isolation: "process" });
  return [await record(plan), recording];
}

test("the same things are asked for, and each is fetched once", async () => {
  const cache = cachePlan({ keys: { count: 60, zipf: 1 }, singleFlight: true });
  const [sim, live] = await onBoth(planOf({ cache }, {}));
  const fetched = (recording: Recording): number => total(recording, "services", BACK, SERVICE.arrived);
  expect(fetched(sim)).toBeGreaterThan(10);
  expect(fetched(live)).toBe(fetched(sim));
  expect(total(live, "services", FRONT, CACHE.lookups)).toBe(total(sim, "services", FRONT, CACHE.lookups));
});

test("the same calls fail, and their lines are written", async () => {
  const errors = [{ share: 0.3, cause: "error", status: 500, operation: null, site: 1 }] as const;
  const logging = { perFailure: 3, costMs: 0.1, maxPending: null };
  const [sim, live] = await onBoth(planOf({ logging }, { errors }));
  const lines = (recording: Recording): number => total(recording, "services", FRONT, LOGGING.written);
  expect(lines(sim)).toBeGreaterThan(50);
  expect(lines(live)).toBe(lines(sim));
});

test("what a load's requests carry goes along with the calls that they cause, and faults find it there", async () => {
  const plan = planOf({}, {});
  const headers = ["acme", "other"].map((value) => ({ name: "x-tenant", value }));
  const ofTenant = (bit: number): Plan["timeline"][number] => {
    const event = fault(0, null, "error", { status: 500 }, BACK);
    if (event.do !== "fault") throw new Error("a fault is a fault");
    return { ...event, fault: { ...event.fault, scope: { ...event.fault.scope, instances: null, headers: bit } } };
  };
  const [sim, live] = await onBoth({
    ...plan,
    headers,
    loads: plan.loads.map((load) => ({ ...load, headers: 1 })),
    timeline: [ofTenant(1), ofTenant(2)],
  });
  const asked = total(sim, "services", BACK, SERVICE.arrived);
  expect(asked).toBeGreaterThan(100);
  for (const recording of [sim, live])
    expect([0, 1].map((row) => total(recording, "faults", row, 0))).toEqual([asked, 0]);
});

test("the same garbage is collected, and meanwhile a real process answers nobody", async () => {
  const garbageCollection = { garbagePerRequestBytes: 2 ** 26, pausePerGibMs: constant(40) };
  const life = lifePlan({ memory: collectedMemory(0, { garbageCollection }) });
  const [sim, live] = await onBoth(planOf({}, { life }));
  const sum = (recording: Recording, column: number): number => total(recording, "services", BACK, column);
  // 16 find room, and the next begins a collection.
  const collections = Math.floor(sum(live, SERVICE.ended) / 17);
  expect(collections).toBeGreaterThan(5);
  expect(sum(live, LIFE.collections)).toBe(collections);
  expect(sum(sim, LIFE.collections)).toBe(collections);
  expect(sum(live, LIFE.collectingMs)).toBeGreaterThanOrEqual(40 * collections - 1e-6);
  // Each collection is in the way of the request that began it, at least.
  expect(sum(live, SERVICE.latencyMs)).toBeGreaterThan(40 * collections);
});

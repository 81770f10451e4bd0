// What an instance remembers and logs on real processes is what it does in virtual time: what a request is about, and
// which calls fail, travels in its head.
import { expect, test } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import type { Recording } from "../../harness/recording/recording.ts";
import { CACHE, LOGGING } from "../../harness/signals/columns.ts";
import { cachePlan } from "../service/cache-plan.ts";
import { record } from "../sim/run.ts";
import { COLUMNS, runLive, total } from "./run-live.ts";
import { call, constant, service, toCall, twoTiers, variant, work } from "./small-plan.ts";

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

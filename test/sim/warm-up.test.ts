// A warm-up in a fleet: the utilisation law while it lasts, U = X S f, and who has one at all.
import { expect, it } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import { fleetPlan } from "../actor/fleet-plan.ts";
import { variantPlan, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

/** A hundred a second for the first eight seconds of ten, Poisson. */
const load: Partial<Plan["loads"][number]> = {
  rate: [
    { atMs: 0, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 0 },
  ],
};

const on = { type: "service", service: 0, operation: null } as const;
const scope = { on, variant: null, zone: null, share: 1, instances: null };
const crash = {
  do: "fault",
  atMs: 0,
  forMs: null,
  background: false,
  fault: { kind: "crash", attributes: {}, scope },
} as const;

const slow = variantPlan([work(4)], {
  pool: { model: "threads", concurrency: null, queueCapacity: null },
  cpu: { cores: 50, scheduling: "shared" },
  warmUp: { forMs: 100_000, slowdown: 5 },
});

async function coresPerRequest(changes: Partial<Plan>): Promise<number> {
  const sums = new Sums(await record(fleetPlan([slow], { load, ...changes })));
  const served = sums.service(0, "outcome");
  expect(served).toBeGreaterThan(600);
  return sums.service(0, "cpuMs") / served;
}

it("an instance that was started again is busy for its factor longer with every request", async () => {
  expect(await coresPerRequest({ timeline: [crash] })).toBeCloseTo(20, 6);
});

it("an instance of the beginning is warm", async () => {
  expect(await coresPerRequest({})).toBeCloseTo(4, 6);
});

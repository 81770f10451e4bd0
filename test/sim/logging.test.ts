// Logging in a fleet: the utilisation law with work beside the requests, and that a slow callee slows who logs about it.
import { expect, it } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { calling, fleetPlan } from "../actor/fleet-plan.ts";
import { call, variantPlan, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

const MANY: Partial<VariantPlan> = { pool: { model: "threads", concurrency: null, queueCapacity: null } };

/** A hundred a second for the first eight seconds of ten, Poisson. */
const load: Partial<Plan["loads"][number]> = {
  rate: [
    { atMs: 0, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 0 },
  ],
};

it("the cores are busy for the work of the requests and of the lines: U = X (S + n c)", async () => {
  const a = variantPlan([call(0, { optional: true }), work(4)], {
    ...MANY,
    cpu: { cores: 2, scheduling: "shared" },
    calls: [calling(1, { retry: { maxAttempts: 3, retryOn: ["error"], backoff: null, budget: null } })],
    logging: { perFailure: 3, costMs: 2, maxPending: null },
  });
  const b = variantPlan([work(1)], {
    ...MANY,
    errors: [{ share: 0.5, cause: "error", status: 500, operation: null, site: 1 }],
  });
  const sums = new Sums(await record(fleetPlan([a, b], { load })));
  const requests = sums.service(0, "ended");
  const failed = sums.service(0, "degraded");
  expect(requests).toBeGreaterThan(600);
  // A call with its three attempts fails once: binomial, an eighth of them.
  expect(Math.abs(failed - requests / 8)).toBeLessThan(4 * Math.sqrt((requests * 7) / 64));
  expect(sums.service(0, "cpuMs")).toBeCloseTo(requests * 4 + failed * 3 * 2, 6);
});

// An autoscaler in a whole run: where it comes to rest, and what it does not touch.
import { describe, expect, it, test } from "vitest";
import type { AutoscalingPlan } from "../../harness/model/autoscaling-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { smallPlan } from "../engine/small-plan.ts";
import { constant, work } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

const rules = { ratio: 1, count: 4, periodMs: 15_000, stabilizationWindowMs: 0 };
const autoscaling: AutoscalingPlan = {
  metric: "services.shop.utilization.cpu",
  target: 0.5,
  min: 1,
  max: 10,
  syncPeriodMs: 15_000,
  overMs: 15_000,
  tolerance: 0.1,
  scaleUp: rules,
  scaleDown: rules,
};

/** A hundred requests a second that work 18 ms: 1.8 cores, on instances of one core. */
function planOf(replicas: readonly number[], changes: Partial<AutoscalingPlan> = {}): Plan {
  const plan = smallPlan({ replicasPerZone: replicas, timeline: [], startupMs: 5000, endMs: 300_000 });
  const services = plan.services.map((service) => ({
    ...service,
    autoscaling: { ...autoscaling, ...changes },
    variants: service.variants.map((variant) => ({
      ...variant,
      cpu: { cores: 1, scheduling: "shared" as const },
      operations: [{ steps: [work(constant(18))] }],
    })),
  }));
  const loads = plan.loads.map((load) => ({ ...load, calls: [callOfShop], arrivals: "constant" as const }));
  return { ...plan, services, loads };
}

const callOfShop: Plan["loads"][number]["calls"][number] = {
  edge: 0,
  callee: 0,
  operations: [0],
  timeoutMs: null,
  attemptTimeoutMs: 1000,
  retry: null,
  circuitBreaker: null,
  loadBalancer: { policy: "roundRobin", choiceCount: 2 },
};

async function readyAtEnd(plan: Plan): Promise<number> {
  const sums = new Sums(await record(plan), plan.endMs - 60_000);
  return sums.service(0, "readyMs") / 60_000;
}

describe("an autoscaler comes to rest at ceil(load ÷ target)", () => {
  it("from below", async () => expect(await readyAtEnd(planOf([2]))).toBe(4));
  it("from above", async () => expect(await readyAtEnd(planOf([9]))).toBe(4));
  it("but not above its maximum", async () => expect(await readyAtEnd(planOf([2], { max: 3 }))).toBe(3));
  it("nor below its minimum", async () => expect(await readyAtEnd(planOf([9], { min: 6 }))).toBe(6));
});

test("says when it wants another number, and by what it was told to", async () => {
  const { events } = await record(planOf([2]));
  const scalings = events.filter((event) => event.kind === "scaling");
  // Two instances with 1.8 cores of work: 0.9 of what they can do, and ceil(2 × 0.9 ÷ 0.5) = 4.
  expect(scalings[0]).toMatchObject({ service: "shop", from: 2, to: 4, metric: "services.shop.utilization.cpu" });
  expect(scalings[0]!.value).toBeCloseTo(0.9, 1);
  for (let i = 1; i < scalings.length; i++) expect(scalings[i]!.from).toBe(scalings[i - 1]!.to);
});

test("new instances are spread over the zones", async () => {
  const plan = planOf([1, 1]);
  const { events } = await record(plan);
  const ready = events.flatMap((event) => (event.kind === "instance" && event.state === "ready" ? [event.zone] : []));
  expect(ready.slice(0, 2).sort()).toEqual(["z0", "z1"]);
});

import { expect, test } from "vitest";
import { capacityOf, peakHopsPerSecond } from "../../harness/analysis/capacity.ts";
import { call, policy, shopPlan, variant, work } from "./shop-plan.ts";

test("requests per second follow the steps and their probabilities from the highest rate of the load", () => {
  const { services, usersPerSecond, hopsPerSecond, instances } = capacityOf(shopPlan());
  expect(services.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([100, 100, 50]);
  expect(usersPerSecond).toBe(100);
  expect(hopsPerSecond).toBe(250);
  expect(instances).toBe(6);
});

test("a worker of the threads model is held through network and callees, the longest branch counting", () => {
  const [web, cart, payments] = capacityOf(shopPlan()).services;
  // Own work 2 ms; cart 1 + 4 + 1 ms; payments half of 1 + 20 + 1 ms, which is the longer branch.
  expect(web!.holdMs).toBeCloseTo(2 + 11);
  expect(web!.utilization.workers).toBeCloseTo((100 * 13) / (1000 * 3 * 4));
  expect(web!.utilization.cpu).toBeCloseTo((100 * 2) / (1000 * 3 * 2));
  expect(cart!.utilization.cpu).toBeCloseTo((100 * 4) / (1000 * 2 * 2));
  expect(payments!.utilization.workers).toBeCloseTo((50 * 20) / (1000 * 1 * 4));
});

test("a worker of the async model is given back while it waits for callees", () => {
  const plan = shopPlan();
  const web = plan.services[0]!;
  const asynchronous = {
    ...web.variants[0]!,
    pool: { model: "async", concurrency: 4, queueCapacity: null },
  } as const;
  const { services } = capacityOf({
    ...plan,
    services: [{ ...web, variants: [asynchronous] }, ...plan.services.slice(1)],
  });
  expect(services[0]!.utilization.workers).toBeCloseTo((100 * 2) / (1000 * 3 * 4));
});

test("what is unlimited has no utilisation, and cores are as many as workers where nothing is said", () => {
  const plan = shopPlan();
  const cart = plan.services[1]!;
  const of = (concurrency: number | null) =>
    capacityOf({
      ...plan,
      services: [
        plan.services[0]!,
        {
          ...cart,
          variants: [
            variant([work(4)], [], {
              pool: { model: "threads", concurrency, queueCapacity: null },
              cpu: { cores: null, scheduling: "shared" },
            }),
          ],
        },
        plan.services[2]!,
      ],
    }).services[1]!.utilization;
  expect(of(null)).toEqual({ workers: null, cpu: null });
  expect(of(8).cpu).toBeCloseTo((100 * 4) / (1000 * 2 * 8));
});

test("the busiest state counts: a version that calls more raises the messages of a live run", () => {
  const plan = shopPlan();
  const web = plan.services[0]!;
  const chatty = variant([work(2), call(0), call(0), call(1)], [policy(1, 1), policy(2, 2)], {
    version: "chatty",
  });
  const released = {
    ...plan,
    services: [{ ...web, variants: [...web.variants, chatty] }, ...plan.services.slice(1)],
    versions: [{ name: "chatty", service: 0, variant: 1, isHarmless: false }],
  };
  expect(capacityOf(released).hopsPerSecond).toBe(250);
  expect(capacityOf(released, released.versions[0]).hopsPerSecond).toBe(400);
  expect(peakHopsPerSecond(released)).toBe(400);
});

test("services that call each other in a circle give finite numbers", () => {
  const plan = shopPlan();
  const cart = plan.services[1]!;
  const back = variant([work(1), call(0, 0.5)], [policy(3, 0)]);
  const { services } = capacityOf({
    ...plan,
    edges: [...plan.edges, { caller: { type: "service", index: 1 }, callee: 0 }],
    services: [plan.services[0]!, { ...cart, variants: [back] }, plan.services[2]!],
  });
  // Each visit of web causes half a visit more: 100 × (1 + 1/2 + 1/4 + …) = 200, cut off at the depth limit.
  expect(services[0]!.requestsPerSecond).toBeCloseTo(200, 1);
  expect(Number.isFinite(services[0]!.holdMs)).toBe(true);
});

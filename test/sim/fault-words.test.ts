// What faults do to whole instances and loads, in virtual time.
import { expect, test } from "vitest";
import { OK, REFUSED } from "../../harness/model/outcome.ts";
import type { LoadPlan } from "../../harness/model/load-plan.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { calling, fleetPlan } from "../actor/fleet-plan.ts";
import { variantPlan, work } from "../service/variant-plan.ts";
import { fault } from "../actor/lone-service.ts";
import { record, Sums } from "./run.ts";

/** A hundred a second, evenly, for the first eight seconds of ten. */
const EVENLY: Partial<LoadPlan> = {
  arrivals: "constant",
  rate: [
    { atMs: 0, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 100 },
    { atMs: 8000, ratePerSecond: 0 },
  ],
  calls: [calling(0, { attemptTimeoutMs: 1000 })],
};

function inject(kind: string, attributes: Record<string, unknown> = {}, scope: Partial<FaultScope> = {}) {
  const everything = { ...fault(0, "delay", 0).scope, ...scope };
  const event = { do: "fault", atMs: 2000, forMs: 3000, background: false } as const;
  return [{ ...event, fault: { kind, attributes, scope: everything } }] as const satisfies Plan["timeline"];
}

test("a closed port refuses, the instance hears nothing of that, and what it held it finishes", async () => {
  const plan = fleetPlan([variantPlan([work(5)])], { load: EVENLY, timeline: inject("refuse") });
  const sums = new Sums(await record(plan));
  // Three seconds of a hundred; at most one arrives at either end's very moment.
  expect(Math.abs(sums.journey("outcome", REFUSED) - 300)).toBeLessThanOrEqual(1);
  expect(sums.journey("outcome", OK)).toBe(800 - sums.journey("outcome", REFUSED));
  expect(sums.service(0, "arrived")).toBe(sums.journey("outcome", OK));
  expect(sums.fault(0)).toBe(1);
});

test("a spike adds people from its beginning on, however long nobody else is expected", async () => {
  const rate = [{ atMs: 0, ratePerSecond: 0.5 }];
  const [event] = inject("loadSpike", { times: 401 }, { on: { type: "load", load: 0 } });
  const timeline = [{ ...event, atMs: 2500, forMs: 1000 }];
  const changes = { load: { ...EVENLY, rate }, timeline, bucketMs: 100 };
  const recording = await record(fleetPlan([variantPlan([work(1)])], changes));
  // Two hundred more a second, Poisson: within four standard deviations of eighty.
  expect(Math.abs(new Sums(recording, 2500, 2900).journey("sent") - 80)).toBeLessThan(4 * Math.sqrt(80));
});

test("a spike adds people, and leaves those alone who come anyway", async () => {
  const spike = inject("loadSpike", { times: 3 }, { on: { type: "load", load: 0 } });
  const [calm, rushed] = await Promise.all(
    [[], spike].map(
      async (timeline) => new Sums(await record(fleetPlan([variantPlan([work(1)])], { load: EVENLY, timeline }))),
    ),
  );
  expect(calm!.journey("sent")).toBe(800);
  expect(Math.abs(rushed!.journey("sent") - 1400)).toBeLessThanOrEqual(1);
  expect(rushed!.fault(0)).toBe(rushed!.journey("sent") - 800);
  expect(rushed!.journey("outcome", OK)).toBe(rushed!.journey("sent"));
});

// Whatever fleet is simulated and whatever befalls it, its books balance, and a second run is the first again.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { CAUSES } from "../../harness/model/outcome.ts";
import type { Plan } from "../../harness/model/plan.ts";
import { calling, fleetPlan } from "../actor/fleet-plan.ts";
import { fault } from "../actor/lone-service.ts";
import { members, SERVICES } from "../actor/random-fleet.ts";
import { constant } from "../service/variant-plan.ts";
import { record, Sums } from "./run.ts";

const KINDS = {
  latency: { add: constant(70) },
  error: { status: 503 },
  crash: {},
  pause: {},
  capacity: { to: 0.3 },
};

const timeline: fc.Arbitrary<Plan["timeline"]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
      service: fc.nat(SERVICES - 1),
      atMs: fc.integer({ min: 100, max: 3000 }),
      forMs: fc.integer({ min: 1, max: 900 }),
      count: fc.constantFrom(null, { count: 1 }),
    })
    .map(({ kind, service, atMs, forMs, count }): Plan["timeline"][number] => {
      const { scope } = fault(0, "delay", 0);
      const on = { type: "service", service, operation: null } as const;
      const isRequests = kind === "latency" || kind === "error";
      const narrowed = { ...scope, on, share: isRequests ? 0.5 : 1, instances: isRequests ? null : count };
      return { do: "fault", atMs, forMs, background: true, fault: { kind, attributes: KINDS[kind], scope: narrowed } };
    }),
  { maxLength: 4 },
);

it("a simulated fleet loses no request and no time, twice the same", async () => {
  const fleet = fc.record({
    members,
    timeline,
    networkMs: fc.constantFrom(0, 3),
    replicas: fc.constantFrom(1, 2),
    discoveryDelayMs: fc.constantFrom(0, 150),
  });
  await fc.assert(
    fc.asyncProperty(fleet, async ({ members, timeline, networkMs, replicas, discoveryDelayMs }) => {
      const plan = fleetPlan(
        members.map((variant) => ({
          variants: [{ ...variant, startupMs: constant(300) }],
          replicasPerZone: [replicas],
        })),
        {
          // Users wait for ever: whatever is lost would show.
          load: {
            rate: [
              { atMs: 0, ratePerSecond: 150 },
              { atMs: 3500, ratePerSecond: 150 },
              { atMs: 3500, ratePerSecond: 0 },
            ],
            calls: [calling(0)],
            zone: 0,
          },
          endMs: 60_000,
          networkMs: [[networkMs]],
          timeline,
          discoveryDelayMs,
        },
      );
      const first = await record(plan);
      const sums = new Sums(first);
      expect(sums.journey("ended")).toBe(sums.journey("sent"));
      for (let service = 0; service < SERVICES; service++) {
        expect(sums.service(service, "ended")).toBe(sums.service(service, "arrived"));
        expect(new Sums(first, 59_000).service(service, "inSystemMs")).toBe(0);
      }
      plan.edges.forEach((_, edge) => {
        expect(CAUSES.reduce((sum, __, cause) => sum + sums.edge(edge, "call", cause), 0)).toBe(
          sums.edge(edge, "calls"),
        );
      });
      expect((await record(plan)).digest()).toBe(first.digest());
    }),
    { numRuns: 40 },
  );
});

// Whatever a fleet does and whatever befalls it: when all is over nobody holds anything, and every count balances.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { call, together, variantPlan, wait, work } from "../service/variant-plan.ts";
import { calling, fleetPlan } from "./fleet-plan.ts";
import { fault } from "./lone-service.ts";
import { SmallFleet } from "./small-fleet.ts";

const SERVICES = 3;

const policy: fc.Arbitrary<Partial<CallPlan>> = fc.record({
  timeoutMs: fc.constantFrom(null, null, 120),
  attemptTimeoutMs: fc.constantFrom(null, 15, 40),
  retry: fc.constantFrom(null, null, {
    maxAttempts: 3,
    retryOn: ["error" as const, "timeout" as const, "connection" as const],
    backoff: { initialMs: 10, maxMs: 50, multiplier: 2, jitter: "full" as const, proportion: 0 },
    budget: null,
  }),
  circuitBreaker: fc.constantFrom(null, null, {
    failureRateThreshold: 0.5,
    slowCallRateThreshold: 1,
    slowCallDurationThresholdMs: 1000,
    slidingWindow: { type: "count" as const, size: 5 },
    minimumNumberOfCalls: 3,
    waitDurationInOpenStateMs: 50,
    permittedNumberOfCallsInHalfOpenState: 1,
    maxWaitDurationInHalfOpenStateMs: 0,
    automaticTransitionFromOpenToHalfOpen: true,
  }),
});

/** Steps of a service that may call those after it, by the policy of the same order. */
function stepsOf(callees: number): fc.Arbitrary<StepPlan[]> {
  const simple = fc.tuple(fc.constantFrom(work, wait), fc.constantFrom(0, 3, 10)).map(([make, ms]) => make(ms));
  if (callees === 0) return fc.array(simple, { minLength: 1, maxLength: 2 });
  const calls = fc
    .tuple(fc.nat(callees - 1), fc.boolean(), fc.nat(1000), fc.option(fc.constant([wait(5)]), { nil: null }))
    .map(([policy, optional, site, fallback]) => call(policy, { optional, site, fallback }));
  const branch = fc.array(fc.oneof(simple, calls), { maxLength: 2 });
  return fc.array(
    fc.oneof(
      simple,
      calls,
      fc.array(branch, { maxLength: 3 }).map((all) => together(...all)),
    ),
    { maxLength: 4 },
  );
}

/** Service `index` may call all with a higher one. */
function service(index: number): fc.Arbitrary<VariantPlan> {
  const callees = SERVICES - 1 - index;
  return fc
    .record({
      steps: stepsOf(callees),
      policies: fc.tuple(...Array.from({ length: callees }, () => policy)),
      model: fc.constantFrom("threads" as const, "async" as const),
      concurrency: fc.constantFrom(1, 3, null),
      queueCapacity: fc.constantFrom(1, null),
      scheduling: fc.constantFrom("shared" as const, "fifo" as const),
      onDeadline: fc.constantFrom("ignore" as const, "drop" as const, "cancel" as const),
      broken: fc.constantFrom(0, 0, 0.3),
    })
    .map(({ steps, policies, model, concurrency, queueCapacity, scheduling, onDeadline, broken }) =>
      variantPlan(steps, {
        pool: { model, concurrency, queueCapacity },
        cpu: { cores: null, scheduling },
        onDeadline,
        errors: broken === 0 ? [] : [{ share: broken, cause: "error", status: 500, operation: null, site: 5 }],
        calls: policies.map((policy, i) => calling(index + 1 + i, policy)),
      }),
    );
}

const event = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("ask" as const), amount: fc.nat(1000) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("pass" as const), amount: fc.nat(25) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("give up" as const), amount: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("disturb" as const), amount: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stand still" as const), amount: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("capacity" as const), amount: fc.nat(10) }) },
);

const timeline: Plan["timeline"] = [0, 1].map((at) => {
  const { scope } = fault(at, "delay", 0);
  return { do: "fault", atMs: 0, forMs: null, background: false, fault: { kind: "latency", attributes: {}, scope } };
});

function happen(fleet: SmallFleet, edges: number, { do: what, amount }: { do: string; amount: number }): void {
  const service = amount % SERVICES;
  if (what === "ask") fleet.ask({ key: amount, deadlineMs: amount % 3 === 0 ? fleet.nowMs + 30 : Infinity });
  else if (what === "pass") fleet.pass(fleet.nowMs + amount * Math.SQRT2);
  else if (what === "give up" && fleet.asks > 0) fleet.giveUp(amount % fleet.asks);
  else if (what === "disturb") {
    const on =
      edges > 0 && amount % 2 === 0
        ? ({ type: "edge", edge: amount % edges, operation: null } as const)
        : ({ type: "service", service, operation: null } as const);
    fleet.disturb([fault(0, "delay", amount, { on, share: 0.5 }), fault(1, "answer", 503, { on, share: 0.2 })]);
  } else if (what === "stand still") {
    fleet.pause(service);
    fleet.pass(fleet.nowMs + amount);
    fleet.resume(service);
  } else if (what === "capacity") fleet.actor(service).capacity(fleet.nowMs, (amount + 1) / 10);
}

it("a fleet answers every request once, gives everything back, and its books balance", () => {
  const members = fc.tuple(service(0), service(1), service(2));
  fc.assert(
    fc.property(members, fc.constantFrom(0, 4), fc.array(event, { maxLength: 60 }), (members, delayMs, events) => {
      const plan = fleetPlan(members, { timeline });
      const fleet = new SmallFleet(plan, delayMs);
      for (const each of events) happen(fleet, plan.edges.length, each);
      fleet.pass(fleet.nowMs + 100_000);
      expect(fleet.answers).toHaveLength(fleet.asks);
      expect(fleet.openCalls).toBe(0);
      for (let index = 0; index < SERVICES; index++) {
        const count = fleet.service.bind(fleet, index);
        expect(count("ended")).toBe(count("arrived"));
        expect(count("sojournMs")).toBeCloseTo(count("inSystemMs"), 5);
        const waiting = plan.edges.reduce(
          (sum, { caller }, edge) => sum + (caller.index === index ? fleet.edge(edge, "abandonedWaiting") : 0),
          0,
        );
        expect(count("abandonedOwn") + waiting).toBe(count("abandoned"));
        expect(count("wasted")).toBeLessThanOrEqual(count("abandoned"));
        fleet.actor(index).stop(fleet.nowMs);
      }
      plan.edges.forEach((_, edge) => {
        expect(fleet.edgeSum(edge, "call")).toBe(fleet.edge(edge, "calls"));
        expect(fleet.edge(edge, "attempts")).toBeLessThanOrEqual(
          fleet.edgeSum(edge, "attemptOwn") + fleet.edgeSum(edge, "attemptPassed"),
        );
      });
      // Nothing is left at any door, in any queue or on any worker.
      expect(fleet.drained).toEqual([0, 1, 2]);
    }),
    { numRuns: 400 },
  );
});

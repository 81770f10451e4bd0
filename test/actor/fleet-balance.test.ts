// Whatever a fleet does and whatever befalls it: when all is over nobody holds anything, and every count balances.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import { fleetPlan } from "./fleet-plan.ts";
import { fault } from "./lone-service.ts";
import { members, SERVICES } from "./random-fleet.ts";
import { SmallFleet } from "./small-fleet.ts";

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

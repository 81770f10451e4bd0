import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadBalancerPlan } from "../../harness/model/call-plan.ts";
import type { Endpoint } from "../../harness/policies/endpoint-slots.ts";
import { loadBalancerSchema } from "../../harness/policies/load-balancer-schema.ts";
import { LoadBalancer } from "../../harness/policies/load-balancer.ts";

const SEED = 2013;
const CALLEE = 99;
const roundRobin: LoadBalancerPlan = { policy: "roundRobin", choiceCount: 2 };
const leastRequest: LoadBalancerPlan = { policy: "leastRequest", choiceCount: 2 };

function balancer(plan: LoadBalancerPlan, caller = 1): LoadBalancer {
  return new LoadBalancer(plan, SEED, CALLEE, caller);
}

function endpoints(ids: readonly number[], variant = 0): Endpoint[] {
  return ids.map((id) => ({ id, generation: 0, variant }));
}

/** Instance ids of `picks` attempts with keys of their own. */
function instances(machine: LoadBalancer, picks: number, user = 0): number[] {
  return Array.from({ length: picks }, (_, attempt) => machine.instanceOf(machine.pick(attempt, 5, user)));
}

describe("round robin", () => {
  it("visits every endpoint once a round", () => {
    const machine = balancer(roundRobin);
    machine.route(endpoints([10, 11, 12, 13, 14]), null);
    for (let round = 0; round < 7; round++) expect(new Set(instances(machine, 5)).size).toBe(5);
  });

  it("begins somewhere else in each caller", () => {
    const firsts = Array.from({ length: 1000 }, (_, caller) => {
      const machine = balancer(roundRobin, caller);
      machine.route(endpoints([0, 1, 2, 3]), null);
      return instances(machine, 1)[0]!;
    });
    // Binomial(1000, 1/4): four standard deviations are 55.
    for (const id of [0, 1, 2, 3])
      expect(Math.abs(firsts.filter((first) => first === id).length - 250)).toBeLessThan(55);
  });

  it("has nowhere to go before a route, and when the last endpoint has left", () => {
    const machine = balancer(roundRobin);
    expect(machine.pick(1, 2, 3)).toBe(-1);
    machine.route(endpoints([4]), null);
    expect(instances(machine, 3)).toEqual([4, 4, 4]);
    machine.route([], null);
    expect(machine.pick(1, 2, 3)).toBe(-1);
    machine.route([], [90, 10]);
    expect(machine.pick(1, 2, 3)).toBe(-1);
  });

  it("treats endpoints of both variants alike without weights", () => {
    const machine = balancer(roundRobin);
    machine.route([...endpoints([1, 2]), ...endpoints([3], 1)], null);
    expect(instances(machine, 30, 7).filter((id) => id === 3).length).toBe(10);
  });
});

describe("least request", () => {
  it("never picks the busier of two that it drew", () => {
    const machine = balancer({ policy: "leastRequest", choiceCount: 50 });
    machine.route(endpoints([1, 2, 3]), null);
    for (const slot of [0, 0, 1]) machine.started(slot);
    // With 50 draws the idle endpoint is missed once in 10⁸.
    expect(new Set(instances(machine, 500))).toEqual(new Set([3]));
  });

  it("takes the one drawn first when both are as busy, so idle endpoints share evenly", () => {
    const machine = balancer(leastRequest);
    machine.route(endpoints([0, 1, 2, 3]), null);
    const picks = instances(machine, 10_000);
    for (const id of [0, 1, 2, 3])
      expect(Math.abs(picks.filter((pick) => pick === id).length - 2500)).toBeLessThan(175);
  });

  it("draws by key: the same attempt goes to the same endpoint", () => {
    const machine = balancer(leastRequest);
    machine.route(endpoints([0, 1, 2, 3, 4, 5]), null);
    expect(instances(machine, 100)).toEqual(instances(machine, 100));
  });

  it("keeps the fullest of n endpoints with n attempts near log₂ log n, far below random choice", () => {
    const fullest = (choiceCount: number): number => {
      const machine = balancer({ policy: "leastRequest", choiceCount });
      const n = 4096;
      machine.route(endpoints(Array.from({ length: n }, (_, id) => id)), null);
      for (let attempt = 0; attempt < n; attempt++) machine.started(machine.pick(attempt, 5, 0));
      return Math.max(...Array.from({ length: n }, (_, slot) => machine.activeOf(slot)));
    };
    // Azar et al. 1994: log₂ log n + O(1) with two choices (3 or 4 here), about log n / log log n with one (6 or 7).
    expect(fullest(2)).toBeLessThanOrEqual(4);
    expect(fullest(1)).toBeGreaterThanOrEqual(6);
  });
});

describe("weights", () => {
  const both = [...endpoints([1, 2, 3]), ...endpoints([11], 1)];

  function newUsers(weight: number, callee = CALLEE, caller = 1): Set<number> {
    const machine = new LoadBalancer(roundRobin, SEED, callee, caller);
    machine.route(both, [100 - weight, weight]);
    const users = Array.from({ length: 20_000 }, (_, user) => user);
    return new Set(users.filter((user) => machine.instanceOf(machine.pick(user, 1, user)) === 11));
  }

  it("give the new variant its share of users", () => {
    expect(newUsers(0).size).toBe(0);
    expect(newUsers(100).size).toBe(20_000);
    // Binomial(20,000, 0.05): four standard deviations are 123.
    expect(Math.abs(newUsers(5).size - 1000)).toBeLessThan(123);
  });

  it("are sticky, alike in every caller, and monotone: the users of 5 % are among those of 25 %", () => {
    const few = newUsers(5);
    expect(newUsers(5, CALLEE, 2)).toEqual(few);
    expect(few.isSubsetOf(newUsers(25))).toBe(true);
    expect(newUsers(25).isSubsetOf(newUsers(80))).toBe(true);
  });

  it("choose other users for another callee", () => {
    const overlap = newUsers(50).intersection(newUsers(50, CALLEE + 1)).size;
    // Half of 10,000; a dependent choice would give all or none.
    expect(Math.abs(overlap - 5000)).toBeLessThan(300);
  });

  it("fall through to the other variant where one has no endpoint", () => {
    const machine = balancer(roundRobin);
    machine.route(endpoints([1, 2]), [0, 100]);
    expect(new Set(instances(machine, 10))).toEqual(new Set([1, 2]));
    machine.route(endpoints([11], 1), [100, 0]);
    expect(new Set(instances(machine, 10))).toEqual(new Set([11]));
  });

  it("leave the stable variant's rotation undisturbed", () => {
    const machine = balancer(roundRobin);
    machine.route(both, [100, 0]);
    expect(new Set(instances(machine, 3))).toEqual(new Set([1, 2, 3]));
  });
});

describe("slots", () => {
  it("keep their count of active attempts over a route change", () => {
    const machine = balancer(leastRequest);
    machine.route(endpoints([1, 2]), null);
    machine.started(0);
    machine.started(0);
    machine.route(endpoints([3, 1]), null);
    expect(machine.instanceOf(0)).toBe(1);
    expect(machine.activeOf(0)).toBe(2);
    machine.ended(0);
    expect(machine.activeOf(0)).toBe(1);
  });

  it("take the new generation of an instance that came back", () => {
    const machine = balancer(roundRobin);
    machine.route([{ id: 1, generation: 0, variant: 0 }], null);
    machine.started(0);
    machine.route([], null);
    machine.route([{ id: 1, generation: 1, variant: 0 }], null);
    const slot = machine.pick(1, 2, 3);
    expect([slot, machine.generationOf(slot), machine.activeOf(slot)]).toEqual([0, 1, 1]);
  });

  it("agree with a table of instances over any history of routes and attempts", () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant("route" as const), ids: fc.uniqueArray(fc.nat(12), { maxLength: 8 }) }),
      fc.record({ do: fc.constant("start" as const), key: fc.nat() }),
      fc.record({ do: fc.constant("end" as const), which: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150 }), (actions) => {
        const machine = balancer(leastRequest);
        const inFlight: { slot: number; id: number }[] = [];
        let routed: number[] = [];
        for (const step of actions) {
          if (step.do === "route") {
            routed = step.ids;
            machine.route(endpoints(routed), null);
          } else if (step.do === "start") {
            const slot = machine.pick(step.key, 1, 2);
            if (routed.length === 0) expect(slot).toBe(-1);
            else {
              expect(routed).toContain(machine.instanceOf(slot));
              machine.started(slot);
              inFlight.push({ slot, id: machine.instanceOf(slot) });
            }
          } else if (inFlight.length > 0) machine.ended(inFlight.splice(step.which % inFlight.length, 1)[0]!.slot);
          for (const { slot, id } of inFlight) {
            expect(machine.instanceOf(slot)).toBe(id);
            expect(machine.activeOf(slot)).toBe(inFlight.filter((attempt) => attempt.id === id).length);
          }
        }
      }),
    );
  });
});

describe("schema", () => {
  it("has the documented defaults", () => {
    expect(loadBalancerSchema.parse({})).toEqual({ ...roundRobin, panicThreshold: 0.5 });
  });
});

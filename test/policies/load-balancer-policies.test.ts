// Random choice, the ring of hashes, zones and slow start: each beside the law or the formula that defines it.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadBalancerPlan } from "../../harness/model/call-plan.ts";
import type { Endpoint } from "../../harness/policies/endpoint-slots.ts";
import { loadBalancerSchema } from "../../harness/policies/load-balancer-schema.ts";
import { LoadBalancer } from "../../harness/policies/load-balancer.ts";

const SEED = 2013;
const CALLEE = 99;

function balancer(plan: Partial<LoadBalancerPlan>, zone = -1, caller = 1): LoadBalancer {
  return new LoadBalancer({ policy: "roundRobin", choiceCount: 2, ...plan }, SEED, CALLEE, caller, zone);
}

/** `perZone[z]` endpoints in zone z, with ids from 0. */
function endpoints(...perZone: readonly number[]): Endpoint[] {
  const zones = perZone.flatMap((count, zone) => Array.from({ length: count }, () => zone));
  return zones.map((zone, id) => ({ id, generation: 0, variant: 0, zone }));
}

/** How many of `picks` attempts, by users of their own, go to each instance. */
function shares(machine: LoadBalancer, picks: number, nowMs = 0, salt = 5): Map<number, number> {
  const counts = new Map<number, number>();
  for (let attempt = 0; attempt < picks; attempt++) {
    const slot = machine.pick(attempt, salt, attempt, nowMs);
    const id = slot < 0 ? -1 : machine.instanceOf(slot);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

describe("random", () => {
  it("gives each endpoint its share, by the attempt's key alone", () => {
    const machine = balancer({ policy: "random" });
    machine.route(endpoints(4), null);
    const counts = shares(machine, 10_000);
    // Binomial(10,000, 1/4): four standard deviations are 173.
    for (const id of [0, 1, 2, 3]) expect(Math.abs(counts.get(id)! - 2500)).toBeLessThan(173);
    expect(shares(machine, 10_000)).toEqual(counts);
  });
});

describe("a ring of hashes", () => {
  const ring = { policy: "ringHash", minimumRingSize: 1024 } as const;

  function homes(machine: LoadBalancer, users = 5000): number[] {
    return Array.from({ length: users }, (_, user) => machine.instanceOf(machine.pick(user, 7, user)));
  }

  it("sends a user to the same endpoint from every caller, whatever is asked", () => {
    const [one, other] = [balancer(ring, -1, 1), balancer(ring, -1, 2)];
    one.route(endpoints(8), null);
    other.route(endpoints(8).toReversed(), null);
    expect(homes(one)).toEqual(homes(other));
    expect(one.pick(1, 2, 77)).toBe(one.pick(3, 4, 77));
  });

  it("with one place each moves only the users of the endpoint that leaves, all to its neighbour", () => {
    const machine = balancer({ ...ring, minimumRingSize: 1 });
    machine.route(endpoints(8), null);
    const before = homes(machine);
    machine.route(
      endpoints(8).filter(({ id }) => id !== 3),
      null,
    );
    const after = homes(machine);
    for (const [user, home] of before.entries()) {
      if (home === 3) expect(after[user]).not.toBe(3);
      else expect(after[user]).toBe(home);
    }
    expect(new Set(after.filter((_, user) => before[user] === 3)).size).toBe(1);
  });

  // 1024 places need 128 each of eight and 147 each of seven: the new places take users of others too, as in Envoy,
  // about 7 × 19 ÷ 1029 of them, less the seventh that stay by chance: 11 %.
  it("with many places moves the users of the endpoint that leaves to all the others, and few beside them", () => {
    const machine = balancer(ring);
    machine.route(endpoints(8), null);
    const before = homes(machine);
    machine.route(
      endpoints(8).filter(({ id }) => id !== 3),
      null,
    );
    const after = homes(machine);
    expect(new Set(after.filter((_, user) => before[user] === 3)).size).toBe(7);
    const others = after.filter((_, user) => before[user] !== 3);
    const moved = after.filter((home, user) => before[user] !== 3 && home !== before[user]);
    // Places are so many that their own spread, one in √133, decides: four of them.
    expect(Math.abs(moved.length / others.length - 0.11)).toBeLessThan(0.11 * (4 / Math.sqrt(133)));
  });

  // With k places each, the shares of n endpoints are sums of k of nk uniform spacings: Beta(k, (n−1)k), with mean 1/n
  // and a relative deviation of √((n−1)/(nk+1)). The users add their own, multinomial.
  it("divides users as evenly as its number of places lets it", () => {
    const [n, users] = [8, 40_000];
    for (const size of [64, 1024, 16_384]) {
      const machine = balancer({ ...ring, minimumRingSize: size });
      machine.route(endpoints(n), null);
      const counts = shares(machine, users);
      const relative = Math.sqrt((n - 1) / (size + 1) + (n - 1) / users);
      const deviations = [...counts.values()].map((count) => (count * n) / users - 1);
      for (const deviation of deviations) expect(Math.abs(deviation)).toBeLessThan(4.5 * relative);
      expect(Math.max(...deviations.map(Math.abs))).toBeGreaterThan(0.3 * relative);
    }
  });
});

describe("zones", () => {
  it("are preferred while there is anybody in them", () => {
    const machine = balancer({ zone: { mode: "prefer" } }, 1);
    machine.route(endpoints(2, 2, 2), null);
    expect(new Set(shares(machine, 50).keys())).toEqual(new Set([2, 3]));
    machine.route(endpoints(2, 0, 2), null);
    expect(new Set(shares(machine, 50).keys())).toEqual(new Set([0, 1, 2, 3]));
  });

  it("are never left with `only`, and do not matter to those outside", () => {
    const machine = balancer({ zone: { mode: "only" } }, 1);
    machine.route(endpoints(2, 0, 2), null);
    expect(shares(machine, 5)).toEqual(new Map([[-1, 5]]));
    const outside = balancer({ zone: { mode: "only" } });
    outside.route(endpoints(2, 0, 2), null);
    expect(shares(outside, 40).size).toBe(4);
  });

  it("do not matter to zone-aware callers of fewer than six endpoints", () => {
    const machine = balancer({ zone: { mode: "aware", minimumEndpoints: 6 } }, 0);
    machine.callersPerZone([3, 3]);
    machine.route(endpoints(2, 3), null);
    expect(shares(machine, 50).size).toBe(5);
    machine.route(endpoints(3, 3), null);
    expect(shares(machine, 50).size).toBe(3);
  });

  // What zone-aware routing is for: callers of all zones together load every endpoint alike, whatever stands where.
  it("are crossed by zone-aware callers so that every endpoint gets the same", () => {
    const perZone = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 });
    const some = perZone.filter((counts) => counts.some((count) => count > 0));
    const many = perZone.filter((counts) => counts.reduce((sum, count) => sum + count) >= 6);
    fc.assert(
      fc.property(some, many, (callers, callees) => {
        const total = new Map<number, number>();
        const each = 2000;
        for (const [zone, count] of callers.entries()) {
          const machine = balancer({ policy: "random", zone: { mode: "aware", minimumEndpoints: 6 } }, zone);
          machine.route(endpoints(...callees), null);
          machine.callersPerZone(callers);
          for (let caller = 0; caller < count; caller++)
            for (const [id, picks] of shares(machine, each, 0, zone * 100 + caller))
              total.set(id, (total.get(id) ?? 0) + picks);
        }
        const sent = each * callers.reduce((sum, count) => sum + count);
        const hosts = callees.reduce((sum, count) => sum + count);
        // Binomial, at most; five standard deviations, for hundreds of endpoints are looked at.
        for (let id = 0; id < hosts; id++)
          expect(Math.abs((total.get(id) ?? 0) - sent / hosts)).toBeLessThan(5 * Math.sqrt(sent / hosts));
      }),
      { numRuns: 60 },
    );
  });

  it("are not crossed by zone-aware callers who have at least their share at home", () => {
    const machine = balancer({ zone: { mode: "aware", minimumEndpoints: 6 } }, 0);
    machine.callersPerZone([1, 2]);
    machine.route(endpoints(3, 3), null);
    expect(new Set(shares(machine, 60).keys())).toEqual(new Set([0, 1, 2]));
  });
});

describe("slow start", () => {
  const slowStart = { windowMs: 1000, minimumWeight: 0.1, aggression: 1 };
  const newcomer: Endpoint = { id: 9, generation: 0, variant: 0 };

  function joinedBy(plan: Partial<LoadBalancerPlan>): LoadBalancer {
    const machine = balancer({ slowStart, ...plan });
    machine.route(endpoints(4), null);
    shares(machine, 8);
    machine.route([...endpoints(4), newcomer], null);
    return machine;
  }

  // Envoy: weight × max(minimum, (time ÷ window)^(1 ÷ aggression)), among four others of weight 1.
  it.each([
    [0, 1, 0.1],
    [50, 1, 0.1],
    [250, 1, 0.25],
    [500, 1, 0.5],
    [500, 2, Math.sqrt(0.5)],
    [999, 1, 0.999],
  ])("gives a newcomer after %d ms, at aggression %d, the weight %f", (ms, aggression, weight) => {
    const machine = joinedBy({ slowStart: { ...slowStart, aggression } });
    machine.pick(0, 0, 0, 100);
    const picks = 4000;
    const share = (shares(machine, picks, 100 + ms).get(9) ?? 0) / picks;
    // By deadlines the share is exact, but for the last round, and the first: its deadline was set at a weight of 0.1.
    expect(Math.abs(share - weight / (4 + weight))).toBeLessThan((2 + weight / 0.1) / picks);
  });

  it("ends with its window: then all are alike", () => {
    const machine = joinedBy({});
    machine.pick(0, 0, 0, 100);
    expect(shares(machine, 500, 1100)).toEqual(new Map([0, 1, 2, 3, 9].map((id) => [id, 100])));
  });

  it("is not for the first endpoints of all, who have nobody to start behind", () => {
    const machine = balancer({ slowStart });
    machine.route(endpoints(4), null);
    const plain = balancer({});
    plain.route(endpoints(4), null);
    expect(shares(machine, 4)).toEqual(shares(plain, 4));
  });

  it("begins again for an instance that was restarted", () => {
    const machine = joinedBy({});
    shares(machine, 5, 5000);
    machine.route([...endpoints(4), { ...newcomer, generation: 1 }], null);
    machine.pick(0, 0, 0, 6000);
    expect(shares(machine, 410, 6000).get(9)).toBeLessThanOrEqual(12);
  });

  it("gives least request's idle ones more, each by its weight ÷ (active + 1)", () => {
    const machine = joinedBy({ policy: "leastRequest" });
    const busy = machine.slotOf(0, 0);
    machine.pick(0, 0, 0, 0);
    for (let i = 0; i < 3; i++) machine.started(busy);
    const counts = shares(machine, 3350, 0);
    // Weights ¼, 1, 1, 1 and the newcomer's 0.1 of one.
    expect(Math.abs(counts.get(0)! - 250)).toBeLessThan(4);
    expect(Math.abs(counts.get(1)! - 1000)).toBeLessThan(4);
    expect(Math.abs(counts.get(9)! - 100)).toBeLessThan(4);
  });
});

describe("schema", () => {
  it("reads the words of the language", () => {
    expect(loadBalancerSchema.parse({ policy: "ringHash" })).toMatchObject({ minimumRingSize: 1024 });
    expect(loadBalancerSchema.parse({ zone: "prefer" })).toMatchObject({ zone: { mode: "prefer" } });
    expect(loadBalancerSchema.parse({ zone: "aware" })).toMatchObject({ zone: { mode: "aware", minimumEndpoints: 6 } });
    expect(loadBalancerSchema.parse({ zone: "any" })).toEqual({
      policy: "roundRobin",
      choiceCount: 2,
      panicThreshold: 0.5,
    });
  });

  it("refuses slow start where Envoy has none", () => {
    const result = loadBalancerSchema.safeParse({ policy: "random", slowStart: { window: "10s" } });
    expect(result.error?.issues[0]?.message).toBe("random knows no slow start");
  });
});

// Who is attached to which instance, and how an attempt finds it.
import { describe, expect, it } from "vitest";
import { LoadBalancer } from "../../harness/policies/load-balancer.ts";
import { Stickiness } from "../../harness/policies/stickiness.ts";

describe("stickiness", () => {
  it("remembers the instance that answered last, for any number of users", () => {
    const sticky = new Stickiness();
    expect(sticky.instanceOf(5_000)).toBe(-1);
    sticky.attach(5_000, 7, 2);
    sticky.attach(1, 8, 0);
    expect([sticky.instanceOf(5_000), sticky.generationOf(5_000), sticky.instanceOf(1)]).toEqual([7, 2, 8]);
    expect(sticky.instanceOf(4_999)).toBe(-1);
  });

  it("follows from heir to heir, whose first generation took the connections over", () => {
    const sticky = new Stickiness();
    sticky.attach(1, 4, 3);
    sticky.inherit(4, 8);
    sticky.inherit(8, 9);
    expect([sticky.instanceOf(1), sticky.generationOf(1)]).toEqual([9, 0]);
    sticky.attach(2, 5, 1);
    expect([sticky.instanceOf(2), sticky.generationOf(2)]).toEqual([5, 1]);
  });

  it("forgets who is detached", () => {
    const sticky = new Stickiness();
    sticky.attach(1, 8, 0);
    sticky.detach(1);
    sticky.detach(99_999);
    expect(sticky.instanceOf(1)).toBe(-1);
  });
});

describe("a balancer", () => {
  const endpoint = (id: number, generation = 0) => ({ id, generation, variant: 0 });

  it("finds an instance by id and generation, while the route names it", () => {
    const balancer = new LoadBalancer({ policy: "roundRobin", choiceCount: 2 }, 1, 2, 3);
    balancer.route([endpoint(4), endpoint(9)], null);
    const slot = balancer.slotOf(9, 0);
    expect(balancer.instanceOf(slot)).toBe(9);
    expect([balancer.slotOf(9, 1), balancer.slotOf(5, 0), balancer.slotOf(-1, 0)]).toEqual([-1, -1, -1]);
    balancer.started(slot);
    balancer.route([endpoint(4)], null);
    expect(balancer.slotOf(9, 0)).toBe(-1);
  });
});

import { describe, expect, it } from "vitest";
import { Users } from "../../harness/load/users.ts";
import { loadPlan } from "./load-plan.ts";

describe("users", () => {
  it("are drawn evenly from the population, by key", () => {
    const users = new Users(loadPlan({ users: 50 }), 1);
    const drawn = Array.from({ length: 50_000 }, (_, arrival) => users.of(arrival));
    const counts = Array.from({ length: 50 }, (_, user) => drawn.filter((one) => one === user).length);
    // χ² with 49 degrees of freedom exceeds 85.4 once in a thousand.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(85.4);
    expect(users.of(17)).toBe(drawn[17]);
  });

  it("differ between loads and seeds", () => {
    const of = (name: string, seed: number) => {
      const users = new Users(loadPlan({ users: 1000, name }), seed);
      return Array.from({ length: 20 }, (_, arrival) => users.of(arrival));
    };
    expect(of("a", 1)).toEqual(of("a", 1));
    expect(of("a", 1)).not.toEqual(of("b", 1));
    expect(of("a", 1)).not.toEqual(of("a", 2));
  });

  it("are the arrivals themselves without a population, each seen once", () => {
    const users = new Users(loadPlan(), 1);
    expect([users.of(0), users.of(7_000_000)]).toEqual([0, 7_000_000]);
    expect([users.firstSeen(0), users.firstSeen(1)]).toEqual([true, true]);
  });

  it("are seen for the first time once, and once more after the warm-up", () => {
    const users = new Users(loadPlan({ users: 1_000_000 }), 1);
    const seen = new Set<number>();
    for (let arrival = 0; arrival < 5000; arrival++) {
      const user = arrival % 2 === 0 ? users.of(arrival) : arrival % 100;
      expect(users.firstSeen(user)).toBe(!seen.has(user));
      seen.add(user);
    }
    expect(users.firstSeen(999_999)).toBe(!seen.has(999_999));
    users.forget();
    expect([users.firstSeen(3), users.firstSeen(3), users.firstSeen(999_999)]).toEqual([true, false, true]);
  });
});

// A closed population by itself: who acts when, and who has a session.
import { describe, expect, it } from "vitest";
import { Population } from "../../harness/load/population.ts";
import type { SessionRules } from "../../harness/load/population.ts";
import type { Distribution } from "../../harness/core/distribution.ts";
import { ERROR, OK, REFUSED } from "../../harness/model/outcome.ts";
import { loadPlan } from "./load-plan.ts";

const RULES: SessionRules = {
  endsSession: (cause) => cause === REFUSED,
  delayMs: (retry) => 1000 * 2 ** (retry - 1),
};
const TEN_SECONDS: Distribution = { kind: "constant", ms: 10_000 };

function population(clients: number, thinkTime = TEN_SECONDS, rules: SessionRules | null = RULES): Population {
  return new Population(loadPlan({ population: { clients, thinkTime, session: null } }), 1, rules);
}

describe("a population", () => {
  it("begins in the middle of its think times, as if it had been there for long", () => {
    const people = population(20_000);
    const first = Array.from({ length: 20_000 }, () => {
      const atMs = people.nextMs();
      people.begin();
      return atMs;
    });
    // Uniform over one think time: the largest distance from the diagonal exceeds 1.95/√n once in a thousand (Kolmogorov).
    const distance = first.reduce(
      (most, atMs, rank) => Math.max(most, Math.abs(atMs / 10_000 - (rank + 1) / 20_000)),
      0,
    );
    expect(distance).toBeLessThan(1.95 / Math.sqrt(20_000));
  });

  it("meets long think times more often than short ones when it begins", () => {
    const thinkTime: Distribution = { kind: "samples", samplesMs: [0, 10_000] };
    const people = population(10_000, thinkTime);
    // Residuals of a mixture of 0 and 10 s lie all within the long ones, so their mean is 5 s, not 2.5 s.
    let sum = 0;
    for (let client = 0; client < 10_000; client++) {
      sum += people.nextMs();
      people.begin();
    }
    const standardError = 10_000 / Math.sqrt(12) / Math.sqrt(10_000);
    expect(Math.abs(sum / 10_000 - 5000)).toBeLessThan(4 * standardError);
  });

  it("waits for the answer, thinks, and asks again under a new key", () => {
    const people = population(1);
    const client = people.begin();
    const { keyHigh } = people;
    expect(people.nextMs()).toBe(Infinity);
    people.ended(12_000, client, OK);
    expect(people.nextMs()).toBe(22_000);
    expect([people.begin(), people.isConnecting(0)]).toEqual([0, false]);
    expect(people.keyHigh).not.toBe(keyHigh);
  });

  it("thinks again after a failure that leaves the session whole", () => {
    const people = population(1);
    people.ended(5000, people.begin(), ERROR);
    expect(people.nextMs()).toBe(15_000);
  });

  it("loses a session to the failures that end it, and wins it back with growing delays", () => {
    const people = population(1);
    people.ended(20_000, people.begin(), REFUSED);
    const triesMs: number[] = [];
    for (let retry = 0; retry < 3; retry++) {
      const atMs = people.nextMs();
      triesMs.push(atMs);
      expect(people.isConnecting(people.begin())).toBe(true);
      people.ended(atMs, 0, ERROR);
    }
    expect(triesMs).toEqual([21_000, 23_000, 27_000]);
    people.begin();
    people.ended(40_000, 0, OK);
    expect(people.nextMs()).toBe(50_000);
    // A later loss begins with the first delay again.
    people.disconnect(45_000, 0);
    expect(people.nextMs()).toBe(46_000);
  });

  it("counts who has a session, over time", () => {
    const people = population(4);
    expect(people.takeConnectedMs(1000)).toBe(4000);
    people.disconnect(2000, 1);
    expect(people.takeConnectedMs(3000)).toBe(4000 + 3000);
  });

  it("goes offline only after the answer that it waits for", () => {
    const people = population(1);
    people.begin();
    people.disconnect(20_000, 0);
    expect(people.nextMs()).toBe(Infinity);
    expect(people.takeConnectedMs(20_000)).toBe(20_000);
    people.ended(25_000, 0, OK);
    expect([people.nextMs(), people.takeConnectedMs(30_000)]).toEqual([26_000, 0]);
  });

  it("without sessions knows no disconnection", () => {
    const people = population(1, TEN_SECONDS, null);
    const before = people.nextMs();
    people.disconnect(10, 0);
    expect(people.nextMs()).toBe(before);
    people.ended(20_000, people.begin(), REFUSED);
    expect(people.nextMs()).toBe(30_000);
  });

  it("passes over who is due: a thinker thinks once more, one who is offline waits once more", () => {
    const people = population(1);
    const dueMs = people.nextMs();
    people.passOver(dueMs);
    expect(people.nextMs()).toBe(dueMs + 10_000);
    people.disconnect(dueMs, 0);
    people.passOver(dueMs + 1000);
    expect(people.nextMs()).toBe(dueMs + 2000);
    expect(people.isConnecting(people.begin())).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../harness/model/plan.ts";
import { EDGE, EDGE_WIDTH, SERVICE, SERVICE_WIDTH } from "../../harness/signals/columns.ts";
import { layoutOf } from "../../harness/signals/layout.ts";
import { Tally } from "../../harness/signals/tally.ts";
import { blameTimeouts } from "../../harness/verdict/timeout-blame.ts";
import type { Windows } from "../../harness/verdict/windows.ts";
import { addToWindows, emptyWindowSums } from "../../harness/verdict/windows.ts";
import { service, smallPlan } from "../signals/small-plan.ts";

/** Services 0…n−1; `calls` are [caller, callee] pairs. */
function planOf(count: number, calls: readonly (readonly [number, number])[]): Plan {
  return smallPlan({
    services: Array.from({ length: count }, (_, index) => service(`s${index}`, ["stable"])),
    edges: calls.map(([caller, callee]) => ({ caller: { type: "service", index: caller }, callee })),
  });
}

/** One window, in which the services gave up so many of their own, and so many while waiting on each call. */
function windowOf(plan: Plan, own: readonly number[], waiting: readonly number[]): Windows {
  const layout = layoutOf(plan);
  const tally = new Tally(layout);
  own.forEach((count, index) => {
    const row = layout.serviceRow[index]![0]![0]!;
    tally.services[row * SERVICE_WIDTH + SERVICE.abandonedOwn] = count;
  });
  waiting.forEach((count, edge) => (tally.edges[edge * EDGE_WIDTH + EDGE.abandonedWaiting] = count));
  const sums = emptyWindowSums(1, layout);
  addToWindows(sums, 0, tally.close(0));
  return { ...sums, badUsers: new Int32Array(0) };
}

function blamed(plan: Plan, timeouts: readonly number[], own: readonly number[], waiting: readonly number[]): number[] {
  return [
    ...blameTimeouts(
      Float64Array.from(timeouts),
      { plan, layout: layoutOf(plan), windows: windowOf(plan, own, waiting) },
      0,
    ),
  ];
}

describe("the blame for timeouts", () => {
  const chain = planOf(3, [
    [0, 1],
    [1, 2],
  ]);

  it("stays where the requests were given up at work or in the queue", () => {
    expect(blamed(chain, [10, 0, 0], [10, 0, 0], [0, 0])).toEqual([10, 0, 0]);
  });

  it("stays with a service that reports no abandoned request: it was dead or never saw them", () => {
    expect(blamed(chain, [0, 10, 0], [0, 0, 0], [0, 0])).toEqual([0, 10, 0]);
  });

  it("goes down to the service at the bottom, as far as each was only waiting", () => {
    expect(blamed(chain, [10, 0, 0], [0, 0, 7], [5, 5])).toEqual([0, 0, 10]);
    expect(blamed(chain, [10, 0, 0], [5, 0, 7], [5, 5])).toEqual([5, 0, 5]);
    expect(blamed(chain, [8, 0, 0], [1, 1, 0], [3, 1])).toEqual([2, 3, 3]);
  });

  it("is shared among callees in proportion to how often each was waited for", () => {
    const fork = planOf(3, [
      [0, 1],
      [0, 2],
    ]);
    expect(blamed(fork, [8, 0, 0], [0, 0, 0], [6, 2])).toEqual([0, 6, 2]);
  });

  it("comes to rest in a circle where the requests are given up, and ends where none are", () => {
    const circle = planOf(2, [
      [0, 1],
      [1, 0],
    ]);
    const [first, second] = blamed(circle, [12, 0], [1, 1], [1, 1]);
    expect(first).toBeCloseTo(8, 6);
    expect(second).toBeCloseTo(4, 6);
    expect(blamed(circle, [12, 0], [0, 0], [1, 1])).toEqual([12, 0]);
  });

  it("never loses nor invents a timeout, whatever calls whom", () => {
    const counts = fc.array(fc.nat(20), { minLength: 5, maxLength: 5 });
    const calls = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 12 });
    fc.assert(
      fc.property(
        counts,
        counts,
        calls,
        fc.array(fc.nat(20), { minLength: 12, maxLength: 12 }),
        (timeouts, own, pairs, waiting) => {
          const result = blamed(planOf(5, pairs), timeouts, own, waiting.slice(0, pairs.length));
          const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
          expect(sum(result)).toBeCloseTo(sum(timeouts), 6);
          expect(result.every((count) => count >= 0)).toBe(true);
        },
      ),
    );
  });
});

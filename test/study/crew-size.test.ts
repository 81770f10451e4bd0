import { expect, test } from "vitest";
import { capacityOf } from "../../harness/analysis/capacity.ts";
import { crewSize } from "../../harness/study/crew-size.ts";
import { shopPlan } from "../analysis/shop-plan.ts";

const { hopsPerSecond } = capacityOf(shopPlan());

/** A plan of so many million requests between its services. */
function plan(millions: number): ReturnType<typeof shopPlan> {
  return shopPlan({ endMs: ((millions * 1e6) / hopsPerSecond) * 1000 });
}

test("what is short stays in one process: starting others would take longer than it does", () => {
  expect(crewSize([plan(0.1), plan(0.1)], 1, 8)).toBe(1);
  expect(crewSize([plan(0.1), plan(0.1)], 20, 8)).toBe(4);
});

test("no more processes than cores, or than runs", () => {
  const large = [plan(50), plan(50), plan(50)];
  expect(crewSize(large, 1, 2)).toBe(2);
  expect(crewSize(large, 1, 8)).toBe(3);
  expect(crewSize(large, 2, 8)).toBe(6);
});

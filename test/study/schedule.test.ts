import { expect, test } from "vitest";
import type { Plan, Study } from "../../harness/model/plan.ts";
import { scheduleLike, scheduleOf } from "../../harness/study/schedule.ts";
import { reseeded } from "../../harness/study/seeded-study.ts";
import { shopPlan } from "../analysis/shop-plan.ts";

const expectation = {
  expect: "contained",
  containment: { within: null, users: 0.05, zones: null, recoverWithinMs: 1000 },
  checks: [],
} as const;
const fault = {
  kind: "crash",
  attributes: {},
  scope: { on: { type: "service", service: 0, operation: null }, variant: null, zone: null, share: 1, instances: null },
} as const;
const trigger = { do: "fault", atMs: 1000, forMs: null, background: false, fault } as const;

function study(strategies: readonly string[], controlSeed: (strategy: string) => number): Study {
  const variants = strategies.map((strategy) => ({
    plan: shopPlan({ strategy, timeline: [trigger] }),
    control: shopPlan({ strategy: null, isControl: true, seed: controlSeed(strategy) }),
    expectation,
  }));
  return { scenario: "shop", about: null, file: "shop.yaml", variants, seedsToPass: 1, chapters: [], facts: {} };
}

const hashOf = (plan: Plan): string => JSON.stringify(plan);

test("variants with the same control share one control run, which comes before the first of them", () => {
  const { runs, variants } = scheduleOf(
    study(["first", "second"], () => 1),
    true,
    hashOf,
  );
  expect(runs.map(({ name }) => name)).toEqual(["_control", "first", "second"]);
  expect(variants.map(({ run, control }) => ({ run, control }))).toEqual([
    { run: 1, control: 0 },
    { run: 2, control: 0 },
  ]);
});

test("a variant whose control differs gets one of its own, just before it", () => {
  const { runs, variants } = scheduleOf(
    study(["first", "second"], (strategy) => strategy.length),
    true,
    hashOf,
  );
  expect(runs.map(({ name }) => name)).toEqual(["_control", "first", "_control-2", "second"]);
  expect(variants.map(({ control }) => control)).toEqual([0, 2]);
});

test("without controls, and for a measurement, only the variants run", () => {
  expect(
    scheduleOf(
      study(["only"], () => 1),
      false,
      hashOf,
    ).runs.map(({ name }) => name),
  ).toEqual(["only"]);
  const measurement = study(["only"], () => 1);
  const plain = { ...measurement, variants: [{ ...measurement.variants[0]!, plan: shopPlan() }] };
  const { runs, variants } = scheduleOf(plain, true, hashOf);
  expect(runs.map(({ name }) => name)).toEqual(["run"]);
  expect(variants[0]!.control).toBeNull();
});

test("the schedule at another seed is what it would be by itself", () => {
  const sharing = study(["first", "second"], () => 1);
  const differing = study(["first", "second"], () => 1);
  const [first, second] = differing.variants;
  const other = { ...second!, control: shopPlan({ strategy: null, isControl: true, endMs: 77_000 }) };
  for (const each of [sharing, { ...differing, variants: [first!, other] }]) {
    const there = reseeded(each, 99);
    const schedule = scheduleLike(scheduleOf(each, true, hashOf), there);
    expect(schedule).toEqual(scheduleOf(there, true, hashOf));
    expect(schedule.runs.every(({ plan }) => plan.seed === 99)).toBe(true);
  }
});

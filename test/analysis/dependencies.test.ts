import { expect, test } from "vitest";
import { dependenciesOf } from "../../harness/analysis/dependencies.ts";
import type { Plan } from "../../harness/model/plan.ts";
import type { StepPlan } from "../../harness/model/service-plan.ts";
import { call, policy, shopPlan, variant, work } from "./shop-plan.ts";

/** Services 0, 1, 2, …: each with the callees given, required unless the step says otherwise. */
function planOf(
  callees: readonly (readonly number[])[],
  step: (index: number) => StepPlan = (index) => call(index),
): Plan {
  return shopPlan({
    services: callees.map((targets, service) => ({
      name: `s${service}`,
      team: null,
      replicasPerZone: [1],
      operations: ["only"],
      variants: [
        variant(
          [work(1), ...targets.map((_, index) => step(index))],
          targets.map((callee) => policy(0, callee)),
        ),
      ],
    })),
  });
}

test("every pair of caller and callee stands once, also when a group hides the call", () => {
  expect(dependenciesOf(shopPlan()).calls).toEqual([
    { caller: 0, callee: 1, isRequired: true },
    { caller: 0, callee: 2, isRequired: true },
  ]);
});

test("an optional call and a call with a fallback are not required", () => {
  expect(dependenciesOf(planOf([[1], []], (index) => call(index, 1, true))).calls[0]!.isRequired).toBe(false);
  expect(dependenciesOf(planOf([[1], []], (index) => call(index, 1, false, [work(1)]))).calls[0]!.isRequired).toBe(
    false,
  );
});

test("a call that any version requires is required", () => {
  const plan = planOf([[1], []], (index) => call(index, 1, true));
  const [caller, callee] = plan.services;
  const strict = variant([call(0)], [policy(0, 1)], { version: "strict" });
  expect(
    dependenciesOf({
      ...plan,
      services: [{ ...caller!, variants: [...caller!.variants, strict] }, callee!],
    }).calls[0]!.isRequired,
  ).toBe(true);
});

test("the longest chain goes from the outermost caller to the innermost callee", () => {
  expect(dependenciesOf(planOf([[1, 2], [3], [], [2]])).longestChain).toEqual([0, 1, 3, 2]);
});

test("circles are found, each once, and the longest chain still ends", () => {
  const { circles, longestChain } = dependenciesOf(planOf([[1], [2], [1, 3], [3], []]));
  expect(circles).toEqual([[1, 2], [3]]);
  expect(longestChain).toEqual([0, 1, 3]);
});

test("a fleet without calls has chains of one and no circles", () => {
  expect(dependenciesOf(planOf([[], []]))).toEqual({ calls: [], longestChain: [0], circles: [] });
});

// Holds the flat simulator to the actors: one plan, two recordings, the same bytes.
import fc from "fast-check";
import { expect } from "vitest";
import type { Plan } from "../../../harness/model/plan.ts";
import { FlatSimulation } from "../../../harness/sim/flat/flat-simulation.ts";
import { isFlat } from "../../../harness/sim/flat/is-flat.ts";
import { Simulation } from "../../../harness/sim/simulation.ts";
import { load } from "../../language/temporary-files.ts";
import { generatedScenario } from "./generated-scenario.ts";

export const generatedFleetsAreSame = fc.property(generatedScenario, (files) => {
  const { study, problems } = load({ ...files });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  for (const { plan, control } of study!.variants)
    for (const one of [plan, control]) {
      expect(isFlat(one)).toBe(true);
      expectSameBytes(one);
    }
});

export function expectSameBytes(plan: Plan): void {
  const slow = linesOf(plan, Simulation);
  const fast = linesOf(plan, FlatSimulation);
  const different = slow.findIndex((line, index) => line !== fast[index]);
  if (different >= 0) expect(fast[different]).toBe(slow[different]);
  expect(fast.length).toBe(slow.length);
}

function linesOf(plan: Plan, Kind: typeof Simulation | typeof FlatSimulation): string[] {
  const lines: string[] = [];
  const simulation = new Kind(plan, {
    begin: () => {},
    bucket: (bucket) => void lines.push(JSON.stringify(bucket)),
    event: (event) => void lines.push(JSON.stringify(event)),
    end: () => {},
  });
  while (simulation.runBucket());
  return lines;
}

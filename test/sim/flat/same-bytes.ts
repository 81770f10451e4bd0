// Compares the flat simulator with the actors: one plan, two recordings.
import type { Plan } from "../../../harness/model/plan.ts";
import { FlatSimulation } from "../../../harness/sim/flat/flat-simulation.ts";
import { isFlat } from "../../../harness/sim/flat/is-flat.ts";
import { Simulation } from "../../../harness/sim/simulation.ts";
import { load, variantsOf } from "../../language/temporary-files.ts";
import type { GeneratedScenario } from "./generated-scenario.ts";

/** Where all plans of a scenario differ first between the two simulators; what cannot be compared is a difference too. */
export function differencesIn(files: GeneratedScenario): string[] {
  const { study, problems } = load({ ...files });
  const broken = problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return [...broken, ...(study?.variants ?? []).flatMap(({ plan, control }) => [plan, control].flatMap(differenceOf))];
}

/** Each variant's run and its control, of a scenario that must be sound. */
export function plansOf(files: GeneratedScenario): Plan[] {
  return variantsOf({ ...files }).flatMap(({ plan, control }) => [plan, control]);
}

/** The first line of the recordings that differs: none where all bytes are the same. */
export function differenceOf(plan: Plan): string[] {
  if (!isFlat(plan)) return ["the plan is not flat"];
  const slow = linesOf(plan, Simulation);
  const fast = linesOf(plan, FlatSimulation);
  const at = slow.findIndex((line, index) => line !== fast[index]);
  if (at < 0 && slow.length === fast.length) return [];
  return [`line ${at}\nactors: ${slow[at]}\nflat:   ${fast[at]}`];
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

// What a report says of several seeds: how many agree, how sure that is, and which ones to look at.
import type { VariantResult } from "../harness/verdict/result.ts";
import { percent } from "./wording.ts";

/** So many seeds are named; the others are in the JSON report. */
const NAMED = 8;

/** Lines for one variant; none where there is one seed only. */
export function seedLines({ seeds, expected }: VariantResult): string[] {
  if (seeds.interval === null) return [];
  const [low, high] = seeds.interval;
  const asExpected = seeds.outcomes[expected] ?? 0;
  return [
    `${asExpected} of ${seeds.runs} seeds as expected: ${percent(low)} to ${percent(high)} of all seeds, with 95 % certainty; told here is seed ${seeds.told}`,
    ...(seeds.notPassed.length === 0 ? [] : [`not passed with ${namesOf(seeds.notPassed, seeds.runs)}`]),
  ];
}

function namesOf(notPassed: readonly number[], runs: number): string {
  if (notPassed.length === runs) return "any seed";
  const rest = notPassed.length > NAMED ? ` and ${notPassed.length - NAMED} more` : "";
  return `seed ${notPassed.slice(0, NAMED).join(", ")}${rest}`;
}

/** `seed 7`, `seeds 1 to 50`, or their number where some are missing. */
export function seedsText(seeds: readonly number[]): string {
  const first = seeds[0]!;
  if (seeds.length === 1) return `seed ${first}`;
  const isGapless = seeds.every((seed, index) => seed === first + index);
  return isGapless ? `seeds ${first} to ${first + seeds.length - 1}` : `${seeds.length} seeds`;
}

// Several seeds of the same study, told as one result: counts of outcomes, and how sure the share is.
import type { Outcome } from "../model/plan.ts";
import type { Result, VariantResult } from "./result.ts";
import { wilson } from "./wilson.ts";

/**
 * The first result with, for each variant, the outcomes of all. A variant passes when at least `share` (0..1) of
 * its seeds passed; 1 = all agree. The interval is the 95 % one of the share with the expected outcome.
 */
export function overSeeds(results: readonly Result[], share = 1): Result | null {
  const first = results[0];
  if (first === undefined) return null;
  if (results.length === 1) return first;
  const variants = first.variants.map((variant, index) =>
    variantOver(
      variant,
      results.map((result) => result.variants[index]!),
      share,
    ),
  );
  const haveChecksPassed = results.every((result) => result.checks.every(({ passed }) => passed));
  return { ...first, variants, passed: haveChecksPassed && variants.every(({ passed }) => passed) };
}

function variantOver(first: VariantResult, all: readonly VariantResult[], share: number): VariantResult {
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of all) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const asExpected = outcomes[first.expected] ?? 0;
  const passed = all.filter((each) => each.passed).length;
  const outcome = commonest(outcomes, first.outcome);
  return {
    // What is told about the variant must belong to the outcome that is told.
    ...all.find((each) => each.outcome === outcome)!,
    passed: passed >= share * all.length - 1e-9,
    seeds: { runs: all.length, outcomes, interval: wilson(asExpected, all.length) },
  };
}

/** The outcome of most seeds; that of the first seed where several are as common. */
function commonest(outcomes: Partial<Record<Outcome, number>>, first: Outcome): Outcome {
  const most = Math.max(...Object.values(outcomes));
  if (outcomes[first] === most) return first;
  return (Object.keys(outcomes) as Outcome[]).find((outcome) => outcomes[outcome] === most)!;
}

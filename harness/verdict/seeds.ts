// Several seeds of the same study, told as one result: counts of outcomes, and how sure the share is.
import type { Outcome } from "../model/plan.ts";
import type { Result, VariantResult } from "./result.ts";
import { wilson } from "./wilson.ts";

/**
 * The first result with, for each variant, the outcomes of all. A variant passes when at least `share` (0..1) of
 * its seeds passed; 1 = all agree. A seed may lack variants that it did not come to. The interval is the 95 % one
 * of the share with the expected outcome.
 */
export function overSeeds(results: readonly Result[], share = 1): Result | null {
  const first = results[0];
  if (first === undefined) return null;
  if (results.length === 1) return first;
  const variants = strategiesOf(results).map((strategy) =>
    variantOver(
      results.flatMap((result) => result.variants.filter((variant) => variant.strategy === strategy)),
      share,
    ),
  );
  const isPassed = first.variants.length === 0 ? isShare(results, share) : variants.every(({ passed }) => passed);
  return {
    ...first,
    seeds: results.flatMap(({ seeds }) => seeds),
    // A check that did not hold in some seed is told as it was there.
    checks: first.checks.map(
      (check, index) => results.map(({ checks }) => checks[index]!).find(({ passed }) => !passed) ?? check,
    ),
    variants,
    passed: isPassed,
    warnings: warningsOver(results),
  };
}

/** The same, with a warning where of the variants at all seeds that were to run (`planned`) some are missing. */
export function withMissing(result: Result, planned: number): Result {
  const judged = result.variants.reduce((sum, { seeds }) => sum + seeds.runs, 0);
  // A measurement has one run per seed, and no variants.
  const missing = planned - (result.variants.length === 0 ? result.seeds.length : judged);
  if (missing === 0) return result;
  const message = `the study ended early: ${missing} of ${planned} runs are missing`;
  return { ...result, warnings: [...result.warnings, { code: "interrupted", message }] };
}

/** Whether at least `share` of them passed; the allowance absorbs round-off. */
function isShare(all: readonly { readonly passed: boolean }[], share: number): boolean {
  return all.filter(({ passed }) => passed).length >= share * all.length - 1e-9;
}

/** In the order of the scenario: the seed that came farthest knows them all. */
function strategiesOf(results: readonly Result[]): (string | null)[] {
  const farthest = results.reduce((most, result) => (result.variants.length > most.variants.length ? result : most));
  const names = farthest.variants.map(({ strategy }) => strategy);
  return [...new Set([...names, ...results.flatMap(({ variants }) => variants.map(({ strategy }) => strategy))])];
}

function variantOver(all: readonly VariantResult[], share: number): VariantResult {
  const first = all[0]!;
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of all) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const outcome = commonest(outcomes, first.outcome);
  // What is told about the variant must belong to the outcome that is told.
  const told = all.find((each) => each.outcome === outcome)!;
  return {
    ...told,
    passed: isShare(all, share),
    seeds: {
      runs: all.length,
      outcomes,
      interval: all.length === 1 ? null : wilson(outcomes[first.expected] ?? 0, all.length),
      told: told.seeds.told,
      notPassed: all.flatMap(({ seeds }) => seeds.notPassed),
    },
  };
}

/** The outcome of most seeds; that of the first seed where several are as common. */
function commonest(outcomes: Partial<Record<Outcome, number>>, first: Outcome): Outcome {
  const most = Math.max(...Object.values(outcomes));
  if (outcomes[first] === most) return first;
  return (Object.keys(outcomes) as Outcome[]).find((outcome) => outcomes[outcome] === most)!;
}

/** What holds for some seeds only says for how many. */
function warningsOver(results: readonly Result[]): Result["warnings"] {
  const known = new Map<string, { code: string; message: string; seeds: number }>();
  for (const { warnings } of results) {
    for (const { code, message } of warnings) {
      const before = known.get(`${code} ${message}`)?.seeds ?? 0;
      known.set(`${code} ${message}`, { code, message, seeds: before + 1 });
    }
  }
  return [...known.values()].map(({ code, message, seeds }) =>
    seeds === results.length
      ? { code, message }
      : { code, message: `in ${seeds} of ${results.length} seeds: ${message}` },
  );
}

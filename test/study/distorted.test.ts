import { expect, test } from "vitest";
import { distortionsOf, withDistortions } from "../../harness/study/distorted.ts";
import type { Result } from "../../harness/verdict/result.ts";

/** Only what distortion reads. */
function result(outcomes: Readonly<Record<string, string>>): Result {
  const variants = Object.entries(outcomes).map(([strategy, outcome]) => ({ strategy, outcome, warnings: [] }));
  return { scenario: "shop", variants, warnings: [] } as unknown as Result;
}

test("an outcome that changes with the size is a warning on the variant and on the result", () => {
  const shrunken = result({ canary: "contained", everywhere: "unmitigated" });
  const distortions = distortionsOf(shrunken, result({ canary: "contained", everywhere: "persisted" }));
  expect(distortions.map(({ strategy }) => strategy)).toEqual(["everywhere"]);
  const { variants, warnings } = withDistortions(shrunken, distortions);
  expect(warnings).toEqual([
    { code: "distorted", message: expect.stringContaining("everywhere is unmitigated at this scale") },
  ]);
  expect(variants.map((variant) => variant.warnings.length)).toEqual([0, 1]);
});

test("equal outcomes, and strategies that ran at one size only, say nothing", () => {
  const shrunken = result({ canary: "contained", extra: "escaped" });
  expect(distortionsOf(shrunken, result({ canary: "contained" }))).toEqual([]);
  expect(withDistortions(shrunken, [])).toBe(shrunken);
});

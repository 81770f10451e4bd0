// The two simulators over very many generated fleets, others in every run: the seed of a failure is printed, and
// `FIREBREAK_TEST_SEED` repeats it.
import fc from "fast-check";
import { expect, test } from "vitest";
import { generatedScenario } from "../sim/flat/generated-scenario.ts";
import { differencesIn } from "../sim/flat/same-bytes.ts";

const FLEETS = 3_000;

test(`${FLEETS} fleets have the same bytes`, () => {
  const seed = Number(process.env["FIREBREAK_TEST_SEED"] ?? Math.trunc(performance.timeOrigin));
  fc.assert(
    fc.property(generatedScenario, (files) => {
      expect(differencesIn(files)).toEqual([]);
    }),
    { numRuns: FLEETS, seed, endOnFailure: true },
  );
});

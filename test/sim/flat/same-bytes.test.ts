// The flat simulator and the actors are two ways to the same recording, byte for byte: same events, same order, same
// results. The actors are the slow and obvious one. `npm run verify` compares many more.
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadStudy } from "../../../harness/language/load-study.ts";
import { asWritten } from "../../language/as-written.ts";
import { generatedScenario } from "./generated-scenario.ts";
import { differenceOf, differencesIn } from "./same-bytes.ts";

const FLAGSHIP = fileURLToPath(new URL("../../../scenarios/strategies/playlist-bad-release.yaml", import.meta.url));

test("generated fleets, 150 of them", () => {
  fc.assert(
    fc.property(generatedScenario, (files) => {
      expect(differencesIn(files)).toEqual([]);
    }),
    { numRuns: 150, endOnFailure: true },
  );
}, 120_000);

test("the shipped bad release of playlist, at the size of its live runs", () => {
  const { study } = loadStudy(FLAGSHIP, { ...asWritten, engine: "live" });
  for (const { plan, control } of study!.variants) {
    expect(differenceOf(plan)).toEqual([]);
    expect(differenceOf(control)).toEqual([]);
  }
});

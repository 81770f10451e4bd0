// The flat simulator and the actors are two ways to the same recording, byte for byte: same events, same order, same
// results. The actors are the slow and obvious one.
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadStudy } from "../../../harness/language/load-study.ts";
import { isFlat } from "../../../harness/sim/flat/is-flat.ts";
import { asWritten } from "../../language/as-written.ts";
import { expectSameBytes, generatedFleetsAreSame } from "./same-bytes.ts";

const FLAGSHIP = fileURLToPath(new URL("../../../scenarios/strategies/playlist-bad-release.yaml", import.meta.url));

test("generated fleets, 150 of them", () => {
  fc.assert(generatedFleetsAreSame, { numRuns: 150 });
}, 120_000);

test("the shipped bad release of playlist, at the size of its live runs", () => {
  const { study } = loadStudy(FLAGSHIP, { ...asWritten, engine: "live" });
  for (const { plan, control } of study!.variants)
    for (const one of [plan, control]) {
      expect(isFlat(one)).toBe(true);
      expectSameBytes(one);
    }
});

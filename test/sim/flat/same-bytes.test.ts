// The flat simulator and the actors are two ways to the same recording, byte for byte: same events, same order, same
// results. The actors are the slow and obvious one.
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadStudy } from "../../../harness/language/load-study.ts";
import type { Plan } from "../../../harness/model/plan.ts";
import { MemoryRecording } from "../../../harness/recording/memory-recording.ts";
import { FlatSimulation } from "../../../harness/sim/flat/flat-simulation.ts";
import { isFlat } from "../../../harness/sim/flat/is-flat.ts";
import { Simulation } from "../../../harness/sim/simulation.ts";
import { asWritten } from "../../language/as-written.ts";
import { load } from "../../language/temporary-files.ts";
import { generatedScenario } from "./generated-scenario.ts";

const FLAGSHIP = fileURLToPath(new URL("../../../scenarios/strategies/playlist-bad-release.yaml", import.meta.url));

test("generated fleets, 150 of them", () => {
  let flat = 0;
  fc.assert(
    fc.property(generatedScenario, (files) => {
      const { study, problems } = load({ ...files });
      expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
      for (const { plan, control } of study!.variants)
        for (const one of [plan, control]) {
          if (!isFlat(one)) continue;
          flat++;
          expectSameBytes(one);
        }
    }),
    { numRuns: 150 },
  );
  expect(flat).toBeGreaterThan(250);
}, 120_000);

test("the shipped bad release of playlist, at the size of its live runs", () => {
  const { study } = loadStudy(FLAGSHIP, { ...asWritten, engine: "live" });
  for (const { plan, control } of study!.variants)
    for (const one of [plan, control]) {
      expect(isFlat(one)).toBe(true);
      expectSameBytes(one);
    }
});

function expectSameBytes(plan: Plan): void {
  const slow = linesOf(plan, Simulation);
  const fast = linesOf(plan, FlatSimulation);
  const different = slow.findIndex((line, index) => line !== fast[index]);
  if (different >= 0) expect(fast[different]).toBe(slow[different]);
  expect(fast.length).toBe(slow.length);
}

function linesOf(plan: Plan, Kind: typeof Simulation | typeof FlatSimulation): string[] {
  const lines: string[] = [];
  const sink = new MemoryRecording();
  const simulation = new Kind(plan, {
    begin: () => {},
    bucket: (bucket) => void lines.push(JSON.stringify(bucket)),
    event: (event) => void lines.push(JSON.stringify(event)),
    end: (end) => sink.end(end),
  });
  while (simulation.runBucket());
  return lines;
}

// A load that nothing holds back and nobody answers: the limit is named, and the next run is none the worse. Takes 2 GB.
import { expect, test } from "vitest";
import { engineFor } from "../../harness/cli/engines.ts";
import { EngineFailure } from "../../harness/engine/engine.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { fleetPlan } from "../actor/fleet-plan.ts";
import { variantPlan, wait } from "../service/variant-plan.ts";
import { differenceOf } from "../sim/flat/same-bytes.ts";

const options = { signal: new AbortController().signal, onProgress: () => {} };

test("more than two million requests at a time are over the limit of the simulator, bundled or not", async () => {
  const load = (ratePerSecond: number) => ({ load: { rate: [{ atMs: 0, ratePerSecond }] }, endMs: 3000 });
  const slow = variantPlan([wait(60_000)]);
  for (const engine of [await engineFor("sim", "process"), simEngine()]) {
    const run = engine.run(fleetPlan([slow], load(1e6)), new MemoryRecording(), options);
    const failure: unknown = await run.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineFailure);
    expect(failure).toMatchObject({ code: "over-limit" });
  }
  expect(differenceOf(fleetPlan([slow], load(100)))).toEqual([]);
});

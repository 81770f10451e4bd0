import { expect, test } from "vitest";
import { determinism } from "../../harness/cli/determinism.ts";
import type { Engine } from "../../harness/engine/engine.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import path from "node:path";
import { folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

/** The simulator, but every run has another seed than the one before. */
function forgetful(): Engine {
  const sim = simEngine();
  let runs = 0;
  return { name: "sim", run: (plan, sink, options) => sim.run({ ...plan, seed: plan.seed + runs++ }, sink, options) };
}

async function checked(engine: Engine): Promise<{ code: number; stdout: string; stderr: string }> {
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration: "1m" }) });
  const options = { vars: {}, seed: null, strategies: ["canary"], engine: "sim", size: null, strict: false } as const;
  const { study } = loadStudy(path.join(folder, "scenario.yaml"), { ...options, strategies: ["canary"] });
  const printed = { stdout: "", stderr: "" };
  const code = await determinism(
    [study!],
    engine,
    { signal: new AbortController().signal, code: null },
    {
      stdout: { write: (text) => (printed.stdout += text) },
      stderr: { write: (text) => (printed.stderr += text) },
    },
  );
  return { code, ...printed };
}

test("an engine whose second run differs ends with exit 4 and the first difference", async () => {
  const { code, stdout, stderr } = await checked(forgetful());
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(stderr).toMatch(
    /^error nondeterministic: small: canary differs between two runs of seed 7: bucket 0 differs in /,
  );
  expect(stderr).toContain("hint: this is a bug");
});

test("the simulator itself ends with 0", async () => {
  expect(await checked(simEngine())).toMatchObject({ code: 0, stderr: "" });
});

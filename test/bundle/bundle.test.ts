import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { rolldown } from "rolldown";
import { expect, onTestFinished, test } from "vitest";
import { BUNDLED, bundleFolder, FLEET_ENTRIES, SIM_ENTRY, STUDY_ENTRY, sweep } from "../../harness/bundle/bundle.ts";
import type { Engine } from "../../harness/engine/engine.ts";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { simEngine } from "../../harness/sim/sim-engine.ts";
import { twoTiers } from "../live/small-plan.ts";

const root = join(import.meta.dirname, "..", "..");

test("the hash that names the bundle covers every source that is in it", async () => {
  const bundle = await rolldown({
    cwd: root,
    input: { ...FLEET_ENTRIES, ...SIM_ENTRY, ...STUDY_ENTRY },
    platform: "node",
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const sources = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const folders = sources
    .filter((path) => path.startsWith(join(root, "harness") + sep))
    .map((path) => path.slice(root.length + 1).split(sep)[1]!);
  expect(folders.length).toBeGreaterThan(20);
  for (const folder of new Set(folders)) expect(BUNDLED).toContain(folder);
});

test("a bundle that a run of today may still start processes from is not swept away, old ones are", () => {
  const cache = mkdtempSync(join(tmpdir(), "firebreak-bundles-"));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  for (const [hour, name] of ["a", "b", "c", "d", "e", "f"].entries()) {
    const begun = join(cache, `bundle-${name}.1.tmp`);
    mkdirSync(begun);
    utimesSync(begun, hour * 3_600, hour * 3_600);
    mkdirSync(join(cache, `bundle-${name}`));
    utimesSync(join(cache, `bundle-${name}`), hour * 3_600, hour * 3_600);
  }
  sweep(cache, 25.5 * 3_600_000);
  expect(readdirSync(cache)).toEqual(
    // Begun, perhaps by somebody who is still at it, or whole.
    ["c", "d", "e", "f"].flatMap((name) => [`bundle-${name}`, `bundle-${name}.1.tmp`]),
  );
});

test("the bundled simulator records the same bytes as its sources", async () => {
  const bundled = (await import(join(await bundleFolder(), "sim-engine.js"))) as { simEngine: () => Engine };
  expect(await linesOf(bundled.simEngine())).toEqual(await linesOf(simEngine()));
});

async function linesOf(engine: Engine): Promise<string[]> {
  const recording = new MemoryRecording();
  await engine.run(twoTiers(), recording, { signal: new AbortController().signal, onProgress: () => {} });
  return [...recording.finished().buckets()].map((bucket) => JSON.stringify(bucket));
}

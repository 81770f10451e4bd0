import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { BUNDLED, ENTRIES, fleetBundle } from "../../harness/live/fleet-bundle.ts";

const root = join(import.meta.dirname, "..", "..");

test("the hash that names the bundle covers every source that is in it", async () => {
  const bundle = await rolldown({ cwd: root, input: ENTRIES, platform: "node", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const sources = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const folders = sources
    .filter((path) => path.startsWith(join(root, "harness") + sep))
    .map((path) => path.slice(root.length + 1).split(sep)[1]!);
  expect(folders.length).toBeGreaterThan(20);
  for (const folder of new Set(folders)) expect(BUNDLED).toContain(folder);
});

test("it is there when asked for, twice the same, with a warm compile cache", async () => {
  const bundle = await fleetBundle();
  for (const file of [bundle.service, bundle.load, bundle.guard]) expect(existsSync(file)).toBe(true);
  expect(globSync("*/*", { cwd: bundle.compileCache }).length).toBeGreaterThan(3);
  expect(await fleetBundle()).toEqual(bundle);
});

test("the guard needs nothing that could be missing when it is needed", async () => {
  const bundle = await fleetBundle();
  expect(readFileSync(bundle.guard, "utf8")).not.toMatch(/^\s*import /m);
  expect(existsSync(join(dirname(bundle.guard), "timing-worker.js"))).toBe(true);
});

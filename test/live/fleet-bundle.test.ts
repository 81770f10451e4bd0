import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { fleetBundle } from "../../harness/live/fleet-bundle.ts";

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

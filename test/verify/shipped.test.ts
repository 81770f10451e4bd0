// Everything that is shipped, as a user would run it: all outcomes are the expected ones, and every run is the same twice.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Result } from "../../harness/verdict/result.ts";
import { firebreak, folderWith } from "../cli/firebreak.ts";

const SCENARIOS = fileURLToPath(new URL("../../scenarios", import.meta.url));

test("every strategy ends as its scenario expects, and stdout is clean JSON", async () => {
  const out = folderWith();
  const files = path.join(SCENARIOS, "strategies", "*.yaml");
  const { code, stdout, stderr } = await firebreak(out, "run", files, "--reporter", "json=-", "--out", out);
  expect(code, stderr).toBe(0);
  const results = JSON.parse(stdout) as Result[];
  expect(results.length).toBeGreaterThanOrEqual(4);
  for (const { variants } of results)
    for (const { strategy, outcome, expected } of variants)
      expect(`${strategy} ${outcome}`).toBe(`${strategy} ${expected}`);
});

test("every case study holds with five seeds", async () => {
  const out = folderWith();
  const files = path.join(SCENARIOS, "case-studies", "*.yaml");
  const { code, stdout, stderr } = await firebreak(out, "run", files, "--repeat", "5", "--out", out);
  expect(code, stdout + stderr).toBe(0);
});

test.each(["strategies", "regressions"])(
  "every run of scenarios/%s is the same twice, byte for byte",
  async (folder) => {
    const files = path.join(SCENARIOS, folder, "*.yaml");
    const { code, stdout, stderr } = await firebreak(folderWith(), "run", files, "--check-determinism");
    expect(code, stdout + stderr).toBe(0);
  },
);

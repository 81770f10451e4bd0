// The shipped scenarios are sound, and the small ones end as they say. The long proofs are in test/verify.
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Result } from "../harness/verdict/result.ts";
import { firebreak, folderWith } from "./cli/firebreak.ts";

const SCENARIOS = fileURLToPath(new URL("../scenarios", import.meta.url));

function filesOf(folder: string): string[] {
  return readdirSync(path.join(SCENARIOS, folder)).map((name) => path.join(SCENARIOS, folder, name));
}

test("every strategy scenario is sound, without a warning", async () => {
  const { code, stdout, stderr } = await firebreak(folderWith(), "check", "--strict", ...filesOf("strategies"));
  expect(code, stdout + stderr).toBe(0);
  expect(stdout + stderr).not.toContain("warning");
});

test.each(["mechanisms", "regressions", "case-studies"])(
  "every scenario of %s is sound, and has no warning but those that it is about",
  async (folder) => {
    const { code, stdout, stderr } = await firebreak(folderWith(), "check", "--strict", ...filesOf(folder));
    expect(code, stdout + stderr).toBe(0);
  },
);

test.each(["metastable", "metastable-slow-cures"])("%s ends as it says, in every variant", async (name) => {
  const out = folderWith();
  const file = path.join(SCENARIOS, "strategies", `${name}.yaml`);
  const { code, stdout, stderr } = await firebreak(out, "run", file, "--out", out, "--progress", "quiet");
  expect(code, stdout + stderr).toBe(0);
});

test.each(filesOf("mechanisms").map((file) => path.basename(file, ".yaml")))(
  "the mechanism %s does what its scenario says, in every variant",
  async (name) => {
    const out = folderWith();
    const file = path.join(SCENARIOS, "mechanisms", `${name}.yaml`);
    const { code, stdout, stderr } = await firebreak(out, "run", file, "--out", out, "--progress", "quiet");
    expect(code, stdout + stderr).toBe(0);
  },
);

test.each(filesOf("case-studies").map((file) => path.basename(file, ".yaml")))(
  "the case study %s shows what was published of it, in every variant",
  async (name) => {
    const out = folderWith();
    const file = path.join(SCENARIOS, "case-studies", `${name}.yaml`);
    const { code, stdout, stderr } = await firebreak(out, "run", file, "--out", out, "--progress", "quiet");
    expect(code, stdout + stderr).toBe(0);
  },
  // Up to an hour of an outage, in eight variants, on a machine that may be busy.
  180_000,
);

// Beyer et al.: Site Reliability Engineering, chapter 22. The third of its examples is the one below.
test.each(["sre22-failover", "sre22-10k"])("%s: what the book says of it holds", async (name) => {
  const out = folderWith();
  const file = path.join(SCENARIOS, "regressions", `${name}.yaml`);
  const { code, stdout, stderr } = await firebreak(out, "run", file, "--out", out, "--progress", "quiet");
  expect(code, stdout + stderr).toBe(0);
});

test("four attempts at each of three tiers are exactly 64 attempts at the bottom, for every request", async () => {
  const out = folderWith();
  const file = path.join(SCENARIOS, "regressions", "retry-64.yaml");
  const { code, stdout, stderr } = await firebreak(out, "run", file, "--out", out, "--reporter", "json=-");
  expect(code, stderr).toBe(0);
  const { control, checks } = JSON.parse(stdout) as Result;
  const { requests } = control!.journeys["ask"]!;
  expect(requests).toBe(10);
  expect(control!.services["bottom"]!.attempts).toBe(64 * requests);
  expect(checks.every(({ passed }) => passed)).toBe(true);
});

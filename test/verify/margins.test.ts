// Shipped outcomes have margin: each is the same in at least 49 of 50 seeds. Writes docs/evidence/margins.md.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Result } from "../../harness/verdict/result.ts";
import { firebreak, folderWith } from "../cli/firebreak.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STRATEGIES = path.join(ROOT, "scenarios", "strategies");
const SEEDS = Array.from({ length: 50 }, (_, index) => index + 1);
const FEWEST = 49;

interface Row {
  readonly scenario: string;
  readonly strategy: string;
  readonly expected: string;
  /** How often each outcome came, by name. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Seeds in which every check held too. */
  readonly passed: number;
}

const rows: Row[] = [];

describe("every shipped outcome is the same in at least 49 of 50 seeds", () => {
  for (const file of readdirSync(STRATEGIES).filter((name) => name.endsWith(".yaml"))) {
    test(`${file} ends alike`, async () => {
      const results = await ofAllSeeds(path.join(STRATEGIES, file));
      const own = results[0]!.variants.map((variant, index): Row => {
        const all = results.map((result) => result.variants[index]!);
        const outcomes: Record<string, number> = {};
        for (const { outcome } of all) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        return {
          scenario: results[0]!.scenario,
          strategy: variant.strategy ?? "",
          expected: variant.expected,
          outcomes,
          passed: all.filter(({ passed }) => passed).length,
        };
      });
      rows.push(...own);
      for (const { strategy, expected, outcomes, passed } of own) {
        expect.soft(outcomes[expected] ?? 0, `${strategy}: ${JSON.stringify(outcomes)}`).toBeGreaterThanOrEqual(FEWEST);
        expect.soft(passed, `${strategy} passes with its checks`).toBeGreaterThanOrEqual(FEWEST);
      }
    });
  }
});

afterAll(() => {
  const folder = path.join(ROOT, "docs", "evidence");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "margins.md"), table(rows));
});

/** One command per seed, as many at a time as there are cores. */
async function ofAllSeeds(file: string): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...SEEDS];
  const one = async (out: string): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      // Every seed writes over the recordings of the one before: fifty times a hundred megabytes are nobody's proof.
      const args = ["--seed", String(seed), "--reporter", "json=-", "--progress", "quiet", "--out", out];
      const { code, stdout, stderr } = await firebreak(out, "run", file, ...args);
      expect(code === 0 || code === 1, `seed ${seed} ends with ${code}: ${stderr}`).toBe(true);
      results.push(JSON.parse(stdout) as Result);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, () => one(folderWith())));
  return results;
}

function table(all: readonly Row[]): string {
  const lines = all.map(({ scenario, strategy, expected, outcomes, passed }) => {
    const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
    return `| ${scenario} | ${strategy} | ${expected} | ${counts.join(", ")} | ${passed} |`;
  });
  return `# Margins of the shipped scenarios

Written by \`npm run verify\`: every scenario of \`scenarios/strategies\` in \`sim\` at full size, seeds 1 to ${SEEDS.length}. An outcome
that is shipped is the same in at least ${FEWEST} of them; "passed" also asks for every check of the scenario.

| scenario | strategy | expected | outcomes | passed |
|---|---|---|---|---|
${lines.join("\n")}
`;
}

// Shipped outcomes have margin: each is the same in at least 49 of 50 seeds. Writes docs/evidence/margins.md.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { simProgram } from "../../harness/cli/engines.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import { runStudy } from "../../harness/study/run-study.ts";
import { reseeded } from "../../harness/study/seeded-study.ts";
import { processCrew } from "../../harness/study/process-crew.ts";
import type { Result } from "../../harness/verdict/result.ts";
import { mergedRows } from "./evidence.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = path.join(ROOT, "docs", "evidence", "margins.md");
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
      const { scenario, variants } = await overAllSeeds(path.join(STRATEGIES, file));
      const own = variants.map(({ strategy, expected, seeds }): Row => {
        const passed = seeds.runs - seeds.notPassed.length;
        return { scenario, strategy: strategy ?? "", expected, outcomes: seeds.outcomes, passed };
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
  mkdirSync(path.dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, page(mergedRows(PAGE, rows.map(lineOf), [0, 1])));
});

/** On all cores. Recordings are not kept: fifty times a hundred megabytes are nobody's proof. */
async function overAllSeeds(file: string): Promise<Result> {
  const options = { vars: {}, seed: null, strategies: null, engine: "sim", size: null, strict: false } as const;
  const { study } = loadStudy(file, options);
  const { signal } = new AbortController();
  const crew = processCrew(await simProgram(), os.availableParallelism(), signal);
  const seeded = SEEDS.map((seed) => ({ study: reseeded(study!, seed), directory: null }));
  const nowMs = (): number => performance.now();
  const { result, failure } = await runStudy(seeded, crew, { signal, hasControls: true, nowMs, onProgress: () => {} });
  await crew.close();
  expect(failure).toBeNull();
  expect(result!.seeds).toEqual(SEEDS);
  return result!;
}

function lineOf({ scenario, strategy, expected, outcomes, passed }: Row): string {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
  return `| ${scenario} | ${strategy} | ${expected} | ${counts.join(", ")} | ${passed} |`;
}

function page(lines: readonly string[]): string {
  return `# Margins of the shipped scenarios

Written by \`npm run verify\`: every scenario of \`scenarios/strategies\` in \`sim\` at full size, seeds 1 to ${SEEDS.length}. An outcome
that is shipped is the same in at least ${FEWEST} of them; "passed" also asks for every check of the scenario.

| scenario | strategy | expected | outcomes | passed |
|---|---|---|---|---|
${lines.join("\n")}
`;
}

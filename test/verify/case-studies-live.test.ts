// Case studies on real processes, at the scale and pace of their `engines: { live }`: what was published of an outage holds
// there, too. Writes docs/evidence/case-studies-live.md; what was not run this time (`-t square`) stays as it was.
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { loadStudy } from "../../harness/language/load-study.ts";
import { liveEngine } from "../../harness/live/live-engine.ts";
import { ownProcess } from "../../harness/study/crew.ts";
import { runStudy } from "../../harness/study/run-study.ts";
import { durationText, percentText } from "../../harness/verdict/outcome.ts";
import type { VariantResult } from "../../harness/verdict/result.ts";
import { cellOf, mergedRows } from "./evidence.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = path.join(ROOT, "docs", "evidence", "case-studies-live.md");

/** What happened, and one change that would have contained it: minutes each, on a dozen processes. */
const RUNS = [
  ["square-2017", "as-it-happened"],
  ["square-2017", "four-attempts"],
  ["spotify-2025", "as-it-happened"],
  ["spotify-2025", "fewer-retries"],
] as const;
const SCENARIOS: readonly string[] = RUNS.map(([scenario]) => scenario);

const rows: string[] = [];

test.each(RUNS)("%s, %s: live it ends as expected, and every check holds", async (scenario, strategy) => {
  const file = path.join(ROOT, "scenarios", "case-studies", `${scenario}.yaml`);
  const first = await resultOf(file, strategy);
  // A failure on a machine that other programs kept busy proves nothing: once more.
  const variant = isUnheard(first) ? await resultOf(file, strategy) : first;
  rows.push(...rowsOf(scenario, variant));
  expect(`${strategy} ${variant.outcome}`).toBe(`${strategy} ${variant.expected}`);
  expect(variant.checks.filter(({ passed }) => !passed)).toEqual([]);
});

afterAll(() => {
  if (rows.length === 0) return;
  mkdirSync(path.dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, page(merged()));
});

async function resultOf(file: string, strategy: string): Promise<VariantResult> {
  const options = { vars: {}, seed: null, strategies: [strategy], engine: "live", size: null, strict: true } as const;
  const { study } = loadStudy(file, options);
  const { signal } = new AbortController();
  const { result, failure } = await runStudy(
    [{ study: study!, directory: null }],
    ownProcess(liveEngine({ isolation: "process" }), signal),
    { hasControls: false, nowMs: () => performance.now(), onProgress: () => {}, signal },
  );
  expect(failure).toBeNull();
  return result!.variants[0]!;
}

function isUnheard({ outcome, passed, warnings }: VariantResult): boolean {
  return !passed && (outcome === "invalid" || warnings.some(({ code }) => code === "missing-numbers"));
}

/** The outcome, then each check in the order of the scenario. */
function rowsOf(
  scenario: string,
  { strategy, outcome, blastRadius, timesMs, checks, warnings }: VariantResult,
): string[] {
  const { toRecover } = timesMs;
  const recovery = toRecover === null ? "never well again" : `well again after ${durationText(toRecover)}`;
  const told = [
    `${percentText(blastRadius.usersAffected)} of the users`,
    recovery,
    ...warnings.map(({ code }) => code),
  ];
  return [
    [scenario, strategy, "outcome", outcome, told.join(", ")],
    ...checks.map(({ claim, metric, observed, limit }, index) => [
      scenario,
      strategy,
      `${index + 1}. ${claim === null ? "" : `${claim}: `}${metric}`,
      observed === null ? "–" : Number(observed.toPrecision(4)),
      Object.entries(limit)
        .map(([bound, value]) => `${bound} ${String(value)}`)
        .join(", "),
    ]),
  ].map((cells) => `| ${cells.join(" | ")} |`);
}

/** In the order of a whole run. */
function merged(): string[] {
  return mergedRows(PAGE, rows, [0, 1, 2]).sort(
    (a, b) => SCENARIOS.indexOf(cellOf(a, 0)) - SCENARIOS.indexOf(cellOf(b, 0)),
  );
}

function page(all: readonly string[]): string {
  const cpu = os.cpus()[0]?.model ?? "unknown processor";
  return `# Case studies on real processes

Written by \`npm run verify\`: two case studies on real processes (\`--isolation process\`), at the scale and pace of their
\`engines: { live }\`, judged against the steady state before the trigger. Of each strategy the outcome, and what every check
of the scenario saw and wanted. Measured on ${os.availableParallelism()} cores (${cpu}), Node.js ${process.version}.

| scenario | strategy | what | seen | wanted, or beside it |
|---|---|---|---|---|
${all.join("\n")}
`;
}

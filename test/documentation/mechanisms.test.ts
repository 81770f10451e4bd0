// docs/mechanisms.md is the table of test/documentation/mechanisms: every mechanism, and where each claim about it is
// shown. A new mechanism is a row there; `vitest run test/documentation/mechanisms.test.ts -u` writes the page again.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { calls } from "./mechanisms/calls.ts";
import { clients } from "./mechanisms/clients.ts";
import { faults } from "./mechanisms/faults.ts";
import { instances } from "./mechanisms/instances.ts";
import { isWord, topWords } from "./mechanisms/language-words.ts";
import { cellOf, rowsOf } from "../verify/evidence.ts";
import { BOTH_ENGINES, type Evidence, type Mechanism } from "./mechanisms/mechanism.ts";
import { releases } from "./mechanisms/releases.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const CHAPTERS: Readonly<Record<string, readonly Mechanism[]>> = {
  Instances: instances,
  Calls: calls,
  Clients: clients,
  Faults: faults,
  "Releases and responses": releases,
};

/** Words that say who somebody is or what is done, not how a failure spreads or is stopped. */
const NO_MECHANISM = [
  "version.service",
  "version.changes",
  ...["about", "team", "replicas", "operations", "work", "calls"].map((key) => `service.${key}`),
  ...["journey", "mix", "zone", "calls", "payload"].map((key) => `load.${key}`),
  "respond.do",
];

const COLUMNS = ["sim", "live", "theory", "scenario"] as const;
const all = Object.values(CHAPTERS).flat();
const named = all.map((mechanism): [string, Mechanism] => [mechanism.name, mechanism]);

describe.each(named)("%s", (_name, mechanism) => {
  test.each(COLUMNS)("is shown by what its cell `%s` names, or says why not", (column) => {
    expect(flawOf(mechanism[column], column)).toBeNull();
  });

  test("is asked for by words that the language has", () => {
    expect(mechanism.words.length).toBeGreaterThan(0);
    expect(mechanism.words.filter((word) => !isWord(word))).toEqual([]);
  });
});

test.each(named.filter(([, { live }]) => live === BOTH_ENGINES))(
  "%s is the same on both engines",
  (_name, { scenario }) => {
    expect(flawOnBothEngines(scenario)).toBeNull();
  },
);

test("a scenario that was not run on both engines, or is not the same there, is found", () => {
  expect(flawOnBothEngines("scenarios/strategies/metastable.yaml#bounded-queue")).not.toBeNull();
  expect(flawOnBothEngines("scenarios/mechanisms/cache.yaml#no-such-variant")).not.toBeNull();
  expect(flawOnBothEngines({ none: "a reason" })).not.toBeNull();
});

test("every word of the families has a row, or is no mechanism", () => {
  const known = new Set([...all.flatMap(({ words }) => words), ...NO_MECHANISM]);
  expect(topWords().length).toBeGreaterThan(30);
  expect(topWords().filter((word) => !known.has(word))).toEqual([]);
  expect(NO_MECHANISM.filter((word) => !isWord(word))).toEqual([]);
});

test("no mechanism has two rows", () => {
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("a cell that names nothing, or what is not there, is found", () => {
  expect(flawOf("", "sim")).not.toBeNull();
  expect(flawOf({ none: "" }, "sim")).not.toBeNull();
  expect(flawOf("test/sim/no-such.test.ts", "sim")).not.toBeNull();
  expect(flawOf("scenarios/strategies/metastable.yaml", "sim")).not.toBeNull();
  expect(flawOf("test/sim/theory.test.ts", "scenario")).not.toBeNull();
  expect(flawOf("scenarios/strategies/metastable.yaml#no-such-variant", "scenario")).not.toBeNull();
  expect(isWord("service.no-such-word")).toBe(false);
  expect(isWord("service.pool.queue.capacity")).toBe(true);
});

test("docs/mechanisms.md is the table", async () => {
  await expect(page()).toMatchFileSnapshot(path.join(ROOT, "docs", "mechanisms.md"));
});

/** What is wrong with a cell, or null. */
function flawOf(evidence: Evidence, column: (typeof COLUMNS)[number]): string | null {
  if (typeof evidence !== "string") return evidence.none === "" ? "an empty reason" : null;
  const [file, variant] = evidence.split("#") as [string, string | undefined];
  const kind = column === "scenario" ? /^scenarios\/.+\.yaml$/ : /^test\/.+\.test\.ts$/;
  if (!kind.test(file)) return `${evidence} is no ${column === "scenario" ? "scenario" : "test"}`;
  if (!existsSync(path.join(ROOT, file))) return `${file} is not there`;
  if (variant === undefined) return null;
  const strategies = /^strategies:\n((?:(?: .*)?\n)*)/m.exec(readFileSync(path.join(ROOT, file), "utf8"))?.[1] ?? "";
  return new RegExp(`^  ${variant}:`, "m").test(strategies) ? null : `${file} has no strategy ${variant}`;
}

/** What docs/evidence/mechanisms-live.md has against a scenario's variant, or null. */
function flawOnBothEngines(scenario: Evidence): string | null {
  if (typeof scenario !== "string") return "it has no scenario";
  const [, name, variant] = /^scenarios\/mechanisms\/(.+)\.yaml#(.+)$/.exec(scenario) ?? [];
  const rows = rowsOf(path.join(ROOT, "docs", "evidence", "mechanisms-live.md"));
  const row = rows.find((each) => cellOf(each, 0) === name && cellOf(each, 1) === variant);
  if (row === undefined) return `${scenario} has no row`;
  const equal = cellOf(row, 6);
  return /^(yes|within chance|differs)/.test(equal) ? null : equal;
}

function page(): string {
  const chapters = Object.entries(CHAPTERS).map(([title, mechanisms]) => {
    const rows = mechanisms.map((mechanism) => {
      const words = mechanism.words.map((word) => `\`${word}\``).join(", ");
      return `| ${[mechanism.name, words, ...COLUMNS.map((column) => cell(mechanism[column]))].join(" | ")} |`;
    });
    const header = ["| mechanism | words | sim | live | theory or library | scenario |", "|---|---|---|---|---|---|"];
    return `## ${title}\n\n${[...header, ...rows].join("\n")}\n`;
  });
  return `${INTRODUCTION}\n${chapters.join("\n")}`;
}

const INTRODUCTION = `# Mechanisms, and where each is shown

Written from \`test/documentation/mechanisms\`; \`vitest run test/documentation/mechanisms.test.ts -u\` writes it again, and the
same test proves that every file named here exists and that no word of the language is left out. What the words mean
stands in the [reference](reference.md). *sim* is a test in virtual time, *live* one on real processes (or of the code
that carries it there; *both engines* is a run of the row's scenario on each, with the same outcome), *theory or library* a
test against a formula, a library or documented sequences, and *scenario* a shipped file (with the strategy in it) that
shows what the mechanism does to a cascade.
`;

function cell(evidence: Evidence): string {
  if (typeof evidence !== "string") return `– ${evidence.none}`;
  if (evidence === BOTH_ENGINES) return "[both engines](evidence/mechanisms-live.md)";
  const [file, variant] = evidence.split("#") as [string, string | undefined];
  const name = path.basename(file).replace(/\.test\.ts$|\.yaml$/, "");
  return `[${name}](../${file})${variant === undefined ? "" : ` ${variant}`}`;
}

// `npm run bench`: measures us against our peers, prints tables, and writes results.json and README.md beside itself.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { contestants, RACES } from "./contestants.ts";
import { growth } from "./growth.ts";
import { machine } from "./machine.ts";
import { growthText, pageOf, raceText } from "./page.ts";
import { race } from "./race.ts";
import { earlierResults, writeResults } from "./results.ts";
import type { Results } from "./results.ts";

const PAGE_FILE = fileURLToPath(new URL("README.md", import.meta.url));
const PARTS = [...RACES, "growth"];

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: PARTS.join(",") },
    isotope: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const parts = values.only.split(",");
const unknown = parts.filter((part) => !PARTS.includes(part));
if (unknown.length > 0 || !(rounds >= 1)) {
  process.stderr.write(`usage: npm run bench -- [--rounds 5] [--only ${PARTS.join(",")}] [--isotope FILE]\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
try {
  await simulate(earlierResults(machine()));
} finally {
  rmSync(folder, { recursive: true });
}

async function simulate(earlier: Results): Promise<void> {
  const results = { ...earlier, races: { ...earlier.races } };
  const all = await contestants(folder);
  for (const name of RACES) {
    if (!parts.includes(name)) continue;
    const found = { rounds, ...(await race(name, all, rounds, say)) };
    console.log(`\n${raceText(name, found)}\n`);
    results.races[name] = found;
    keep(results);
  }
  if (!parts.includes("growth")) return;
  const found = { rounds, ...(await growth({ rounds, isotope: values.isotope ?? null, folder, say })) };
  console.log(`\n${growthText(found)}\n`);
  keep({ ...results, growth: found });
}

/** After every part, so that an interrupted bench loses only what it had not finished. */
function keep(results: Results): void {
  writeResults(results);
  writeFileSync(PAGE_FILE, pageOf(results));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

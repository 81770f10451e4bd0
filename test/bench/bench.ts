// `npm run bench`: measures us against our peers, prints tables, and writes results.json and README.md beside itself.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchOptions, USAGE } from "./bench-options.ts";
import type { BenchOptions } from "./bench-options.ts";
import { contestants, OWN_PROCESS, RACES } from "./contestants.ts";
import { growth } from "./growth.ts";
import { httpPeers } from "./live/http-peers.ts";
import { LIVE_PARTS, liveBench } from "./live/live-bench.ts";
import { loadBefore, machine } from "./machine.ts";
import { measure } from "./measurement.ts";
import { growthText, liveText, pageOf, raceText } from "./page.ts";
import { race } from "./race.ts";
import { earlierResults, writeResults } from "./results.ts";
import type { Results } from "./results.ts";

const PAGE_FILE = fileURLToPath(new URL("README.md", import.meta.url));

const options = benchOptions(process.argv.slice(2));
if (options === null) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "firebreak-bench-"));
try {
  await (options.isLive ? live(options) : simulate(options));
} finally {
  rmSync(folder, { recursive: true });
}

async function simulate({ rounds, parts, isotope }: BenchOptions): Promise<void> {
  const earlier = earlierResults(machine());
  const results = { ...earlier, races: { ...earlier.races } };
  const all = await contestants(folder);
  // So that no round takes TypeScript's types off: after a change of the sources the compile cache lacks some.
  await measure([...OWN_PROCESS, "mm1", "1000"]);
  for (const name of RACES) {
    if (!parts.includes(name)) continue;
    const found = { rounds, loadBefore: loadBefore(), ...(await race(name, all, rounds, say)) };
    results.races[name] = found;
    keep(results, raceText(name, found));
  }
  if (!parts.includes("growth")) return;
  const found = { rounds, loadBefore: loadBefore(), ...(await growth({ rounds, isotope, folder, say })) };
  keep({ ...results, growth: found }, growthText(found));
}

async function live({ rounds, parts }: BenchOptions): Promise<void> {
  const earlier = earlierResults(machine());
  const results = { ...earlier, live: { ...earlier.live } };
  const peers = await httpPeers();
  for (const part of LIVE_PARTS) {
    if (!parts.includes(part)) continue;
    const found = { rounds, loadBefore: loadBefore(), ...(await liveBench(part, { rounds, peers, folder, say })) };
    results.live[part] = found;
    keep(results, liveText({ [part]: found }));
  }
}

/** After every part, so that an interrupted bench loses only what it had not finished. */
function keep(results: Results, text: string): void {
  writeResults(results);
  writeFileSync(PAGE_FILE, pageOf(results));
  console.log(`\n${text}\n`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

// How cost grows: with the number of requests, with the number of services, and in one run that is large in both.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { OWN_PROCESS } from "./contestants.ts";
import { fanOut } from "./fan-out.ts";
import { generateScenario } from "./generated-scenario.ts";
import { atMost, standingOf } from "./goals.ts";
import type { Standing } from "./goals.ts";
import type { Isotope } from "./isotope.ts";
import { measure } from "./measurement.ts";
import type { Measurement } from "./measurement.ts";
import { rounded, spreadOf } from "./spread.ts";
import type { Spread } from "./spread.ts";

export interface GrowthRow {
  readonly what: string;
  readonly requests: number;
  readonly requestsPerCpuSecond: Spread;
  readonly eventsPerCpuSecond: Spread;
  readonly cpuSeconds: Spread;
  /** Peak less what was resident before the run. */
  readonly memoryAboveIdleMb: Spread;
  readonly idleRssMb: number;
  readonly loadMs: number;
}

export interface GrowthGoal {
  readonly what: string;
  readonly value: Spread;
  readonly limit: string;
  readonly standing: Standing;
}

export interface Growth {
  readonly rows: readonly GrowthRow[];
  readonly goals: readonly GrowthGoal[];
}

export interface GrowthOptions {
  readonly rounds: number;
  /** An isotope topology for the largest graph; generated where null. */
  readonly isotope: string | null;
  /** Where scenario files are written. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

interface Case {
  readonly what: string;
  /** A workload or a scenario file. */
  readonly name: string;
  readonly requests: number;
}

const MEMORY_LIMIT_MB = 60;
const LONG_RUN_LIMIT_SECONDS = 10;

export async function growth({ rounds, isotope, folder, say }: GrowthOptions): Promise<Growth> {
  const graph = (name: string, document: Isotope): string => generateScenario(folder, name, document);
  const largest = isotope === null ? fanOut(1000, 100, 100, 2) : (parse(readFileSync(isotope, "utf8")) as Isotope);
  const cases: readonly Case[] = [
    { what: "mm1, 1 million requests", name: "mm1", requests: 1_000_000 },
    { what: "mm1, 10 million requests", name: "mm1", requests: 10_000_000 },
    { what: "20 services", name: graph("twenty", fanOut(20, 3, 6, 1)), requests: 50_000 },
    { what: "200 services", name: graph("two-hundred", fanOut(200, 30, 6, 1)), requests: 5_000 },
    { what: `${largest.services.length} services`, name: graph("thousand", largest), requests: 1_000 },
    { what: "graph20, 1,000 requests/s for 10 minutes", name: "graph20-thousand", requests: 600_000 },
  ];
  const runs = cases.map((): Measurement[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, { what, name, requests }] of cases.entries()) {
      say(`growth: round ${round} of ${rounds}, ${what}`);
      runs[index]!.push(await measure([...OWN_PROCESS, name, String(requests)]));
    }
  }
  return { rows: cases.map((each, index) => rowOf(each, runs[index]!)), goals: goalsOf(runs) };
}

function rowOf({ what, requests }: Case, runs: readonly Measurement[]): GrowthRow {
  return {
    what,
    requests,
    requestsPerCpuSecond: spreadOf(runs.map(({ requests, cpuSeconds }) => requests / cpuSeconds)),
    eventsPerCpuSecond: spreadOf(runs.map(eventsPerCpuSecond)),
    cpuSeconds: spreadOf(runs.map(({ cpuSeconds }) => cpuSeconds)),
    memoryAboveIdleMb: spreadOf(runs.map(aboveIdle)),
    idleRssMb: spreadOf(runs.map(({ idleRssMb }) => idleRssMb)).median,
    loadMs: rounded(spreadOf(runs.map(({ loadMs }) => loadMs ?? 0)).median),
  };
}

function goalsOf([
  million,
  tenMillion,
  twenty,
  twoHundred,
  thousand,
  long,
]: readonly Measurement[][]): readonly GrowthGoal[] {
  const ratio = (of: readonly Measurement[], by: readonly Measurement[], value: (run: Measurement) => number): Spread =>
    spreadOf(of.map((run, round) => value(run) / value(by[round]!)));
  const speed = ratio(tenMillion!, million!, ({ requests, cpuSeconds }) => requests / cpuSeconds);
  const services = ratio(twoHundred!, twenty!, eventsPerCpuSecond);
  const memory = spreadOf(tenMillion!.map(aboveIdle));
  const good = spreadOf(thousand!.map(({ good = 0, requests }) => good / requests));
  const seconds = spreadOf(long!.map(({ cpuSeconds }) => cpuSeconds));
  return [
    {
      what: "requests per CPU second at 10 million ÷ at 1 million",
      value: speed,
      limit: "≥ 0.9",
      standing: standingOf(speed.median, { atLeast: 0.9, floor: null }),
    },
    {
      what: "MB above the idle process at 10 million requests",
      value: memory,
      limit: `≤ ${MEMORY_LIMIT_MB}`,
      standing: atMost(memory.median, MEMORY_LIMIT_MB),
    },
    {
      what: "events per CPU second of 200 services ÷ of 20",
      value: services,
      limit: "≥ 0.6",
      standing: standingOf(services.median, { atLeast: 0.6, floor: null }),
    },
    {
      what: "the largest graph loads and runs: share of good requests",
      value: good,
      limit: "≥ 1",
      standing: standingOf(good.median, { atLeast: 1, floor: null }),
    },
    {
      what: "CPU seconds of 20 services × 1,000 requests/s × 10 simulated minutes",
      value: seconds,
      limit: `≤ ${LONG_RUN_LIMIT_SECONDS}`,
      standing: atMost(seconds.median, LONG_RUN_LIMIT_SECONDS),
    },
  ];
}

/**
 * As the C++ limit counts them: a request that arrives and the end of its work, and for each call behind it an arrival,
 * the end of the work and an answer. Timeouts that are cancelled come on top.
 */
function eventsPerCpuSecond({ requests, calls = requests, cpuSeconds }: Measurement): number {
  return (2 * requests + 3 * (calls - requests)) / cpuSeconds;
}

function aboveIdle({ peakRssMb, idleRssMb }: Measurement): number {
  return peakRssMb - idleRssMb;
}

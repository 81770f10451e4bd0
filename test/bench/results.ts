// What the bench found, as it is kept in results.json: every part by itself, so that one can be measured again alone.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Race } from "./contestants.ts";
import type { Growth } from "./growth.ts";
import type { LivePart, LiveTable } from "./live/live-bench.ts";
import type { Machine } from "./machine.ts";
import type { RaceResult } from "./race.ts";

export interface Results {
  readonly machine: Machine;
  readonly races: Partial<Readonly<Record<Race, Rounds<RaceResult>>>>;
  readonly growth?: Rounds<Growth>;
  readonly live?: LiveParts;
}

export type LiveParts = Partial<Readonly<Record<LivePart, Rounds<LiveTable>>>>;

export type Rounds<T> = T & {
  readonly rounds: number;
  /** The machine's load average of the minute before. */
  readonly loadBefore: number;
};

export const RESULTS_FILE = fileURLToPath(new URL("results.json", import.meta.url));

/** What was found before, on a machine like this one: figures of two machines do not belong in one table. */
export function earlierResults(machine: Machine): Results {
  if (existsSync(RESULTS_FILE)) {
    const results = readResults();
    if (isDeepStrictEqual(results.machine, machine)) return results;
  }
  return { machine, races: {} };
}

export function readResults(): Results {
  return JSON.parse(readFileSync(RESULTS_FILE, "utf8")) as Results;
}

export function writeResults(results: Results): void {
  writeFileSync(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
}

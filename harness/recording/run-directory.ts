// Where runs are kept: `.firebreak/runs/<id>`, one folder per study, with a folder per run in it; the last 20 stay,
// and of those of several seeds, which are so many times larger, the last 3. What differs from machine to machine
// (wall time, host, versions) stands in `run.json`, apart from the recordings, which do not differ.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeFolder } from "./folder.ts";
import { writing } from "./recording-failure.ts";

export const KEPT_RUNS = 20;
export const KEPT_RUNS_OF_SEEDS = 3;

const RUN_ID = /^\d{8}-\d{6}-[\w-]+$/;
/** Ends as `createRunDirectory` names it; a second one of the same second has a number after that. */
const OF_SEEDS = /-(?:sim|live)-\d+-seeds(?:-\d+)?$/;

export interface RunLabel {
  readonly scenario: string;
  readonly engine: "sim" | "live";
  readonly seeds: number;
}

/**
 * Creates the folder of a study that starts at `startedAt`, named for the time, the scenario, the engine and the
 * number of seeds, in `root`/.firebreak/runs, and removes the oldest beyond those that stay. Throws RecordingFailure.
 */
export function createRunDirectory(root: string, { scenario, engine, seeds }: RunLabel, startedAt: Date): string {
  const label = `${scenario}-${engine}${seeds === 1 ? "" : `-${seeds}-seeds`}`;
  const runs = path.join(root, ".firebreak", "runs");
  const stamp = startedAt.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const id = `${stamp}-${label.replace(/[^\w-]+/g, "-")}`;
  return writing(runs, () => {
    makeFolder(runs);
    const directory = firstFree(runs, id);
    const kept = readdirSync(runs)
      .filter((name) => RUN_ID.test(name))
      .sort();
    const ofSeeds = kept.filter((name) => OF_SEEDS.test(name));
    const gone = new Set([...kept.slice(0, -KEPT_RUNS), ...ofSeeds.slice(0, -KEPT_RUNS_OF_SEEDS)]);
    for (const name of gone) rmSync(path.join(runs, name), { recursive: true, force: true });
    return directory;
  });
}

export interface RunInfo {
  readonly command: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** Of Firebreak. */
  readonly version: string;
  /** Anything else that is worth knowing later: the isolation, the exit code. */
  readonly details: Readonly<Record<string, string | number | null>>;
}

/** Writes `run.json`: everything about a run that is not determined by its plan. */
export function writeRunInfo(directory: string, info: RunInfo): void {
  const file = path.join(directory, "run.json");
  const content = {
    format: "firebreak.run/1",
    command: info.command,
    startedAt: info.startedAt.toISOString(),
    wallMs: info.endedAt.getTime() - info.startedAt.getTime(),
    firebreak: info.version,
    node: process.version,
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    host: os.hostname(),
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    ...info.details,
  };
  writing(file, () => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`));
}

function firstFree(runs: string, id: string): string {
  for (let attempt = 1; ; attempt++) {
    const directory = path.join(runs, attempt === 1 ? id : `${id}-${attempt}`);
    try {
      mkdirSync(directory);
      return directory;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

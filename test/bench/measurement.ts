// One run of a contestant in a process of its own, as that process reports it in its last line.
import { spawn } from "node:child_process";
import { assert } from "../../harness/core/assert.ts";

export interface Measurement {
  readonly requests: number;
  /** User and system time of the run itself, all threads: what ratios are made of. */
  readonly cpuSeconds: number;
  /** From the start of the process to the end of the run. */
  readonly processCpuSeconds: number;
  /** Mean latency, in mean service times: the same for everyone who simulates the same thing. */
  readonly meanServiceTimes: number;
  readonly peakRssMb: number;
  /** Resident before the run. */
  readonly idleRssMb: number;
  /** Ours only: calls that ended, and the time to read and compile the scenario. */
  readonly calls?: number;
  readonly good?: number;
  readonly loadMs?: number;
}

export async function measure(command: readonly string[]): Promise<Measurement> {
  const output = await outputOf(command);
  const last = output.trimEnd().split("\n").at(-1)!;
  return JSON.parse(last) as Measurement;
}

/** Everything that a command prints. Rejects where it fails. */
export async function outputOf([file, ...words]: readonly string[], directory?: string): Promise<string> {
  assert(file !== undefined, "a command has a file to execute");
  const child = spawn(file, words, { stdio: ["ignore", "pipe", "pipe"], cwd: directory });
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.on("data", (text: Buffer) => output.push(String(text)));
  child.stderr.on("data", (text: Buffer) => errors.push(String(text)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return output.join("");
  const said = errors.join("").trim().split("\n").slice(-3).join(" ");
  throw new Error(`${[file, ...words].join(" ")} ended with ${code}: ${said}`);
}

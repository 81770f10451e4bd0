// Runs a scenario of this folder through the command line, and takes what it prints and what it records.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../../../harness/core/assert.ts";
import { readRecording } from "../../../harness/recording/read-recording.ts";
import type { Recording } from "../../../harness/recording/recording.ts";
import { SERVICE } from "../../../harness/signals/columns.ts";
import type { Result } from "../../../harness/verdict/result.ts";
import { firebreak, folderWith } from "../../cli/firebreak.ts";

export interface Measurement {
  readonly result: Result;
  readonly recording: Recording;
  /** Length of the measured time. */
  readonly seconds: number;
  /** Largest relative difference, over services and seconds, of the two sides of Little's law. */
  readonly littleGap: number;
}

const HERE = fileURLToPath(new URL(".", import.meta.url));

export async function measure(scenario: string): Promise<Measurement> {
  const out = folderWith();
  const file = path.join(HERE, `${scenario}.yaml`);
  const { code, stdout, stderr } = await firebreak(out, "run", file, "--reporter", "json=-", "--out", out);
  assert(code === 0, `${scenario} runs: ${stderr}`);
  const read = readRecording(path.join(out, "run", "recording.jsonl"));
  assert("recording" in read, "a run that ended left its recording");
  const { plan } = read.recording.header;
  return {
    result: JSON.parse(stdout) as Result,
    recording: read.recording,
    seconds: (plan.endMs - plan.warmUpMs) / 1000,
    littleGap: littleGap(read.recording),
  };
}

/**
 * The time integral of the number in system is the sum of the times in system, clipped to the interval: one is
 * counted as requests come and go, the other from each request's own arrival.
 */
function littleGap(recording: Recording): number {
  let gap = 0;
  for (const { services } of recording.buckets()) {
    for (const row of services) {
      const inSystemMs = valueOf(row, SERVICE.inSystemMs);
      const sojournMs = valueOf(row, SERVICE.sojournMs);
      gap = Math.max(gap, Math.abs(inSystemMs - sojournMs) / Math.max(1, inSystemMs));
    }
  }
  return gap;
}

/** A column of a sparse row. */
function valueOf(row: readonly number[], column: number): number {
  for (let at = 1; at < row.length; at += 2) if (row[at] === column) return row[at + 1]!;
  return 0;
}

// What `firebreak report` does: reads the recordings of finished runs, judges them anew and reports.
import path from "node:path";
import { EXIT } from "../core/codes.ts";
import { RECORDING_FILE } from "../recording/file-recording.ts";
import { readRecording } from "../recording/read-recording.ts";
import type { Recording } from "../recording/recording.ts";
import { withDistortions } from "../study/distorted.ts";
import { studyResult } from "../verdict/study-result.ts";
import type { Result } from "../verdict/result.ts";
import { BadInput, badArgument } from "./bad-input.ts";
import { worst } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { parseReporters, report } from "./reporters.ts";
import type { Reportable } from "./reporters.ts";
import { readStudyFile } from "./study-file.ts";
import { verdictExit } from "./verdict-exit.ts";

/** Throws BadInput where a folder is not a run's, or holds nothing that can be judged. */
export async function reportAgain(folders: readonly string[], reporterNames: readonly string[]): Promise<ExitCode> {
  const reporters = parseReporters(reporterNames);
  const again = folders.map(judgeAgain);
  const hasReported = await report(reporters, again, again.length > 1);
  return worst([...again.map(({ result }) => verdictExit(result)), hasReported ? EXIT.passed : EXIT.notJudged]);
}

function judgeAgain(folder: string): Reportable & { readonly result: Result } {
  const directory = path.join(folder, ".");
  const { scenario, variants, distortions, command } = readStudyFile(directory);
  const known = new Map<string, Recording | null>();
  const read = (name: string): Recording | null => {
    if (!known.has(name)) known.set(name, readRun(path.join(directory, name)));
    return known.get(name)!;
  };
  const judged = variants.flatMap(({ recording: name, control, expectation }) => {
    const recording = read(name);
    if (recording === null) {
      process.stderr.write(`${path.join(directory, name)} holds no recording: it is left out\n`);
      return [];
    }
    return [{ expectation, recording, control: control === null ? null : readControl(control) }];
  });
  const result = studyResult(scenario, judged);
  if (result === null) throw badArgument("unreadable-file", `${directory} holds no recording of a run`);
  return { result: withDistortions(result, distortions), directory, command };

  /** It ran first: without it the verdict would silently be another one. */
  function readControl(name: string): Recording {
    const control = read(name);
    if (control !== null) return control;
    throw badArgument("broken-recording", `the control run ${path.join(directory, name)} is missing`);
  }
}

/** null where the study ended before this run began. */
function readRun(folder: string): Recording | null {
  const read = readRecording(path.join(folder, RECORDING_FILE));
  if ("recording" in read) return read.recording;
  if (read.problems.every(({ code }) => code === "unreadable-file")) return null;
  throw new BadInput(read.problems);
}

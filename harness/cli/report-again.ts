// What `firebreak report` does: reads the recordings of finished runs, judges them anew and reports.
import path from "node:path";
import { EXIT } from "../core/codes.ts";
import { RECORDING_FILE } from "../recording/file-recording.ts";
import { readRecording } from "../recording/read-recording.ts";
import type { Recording } from "../recording/recording.ts";
import { withDistortions } from "../study/distorted.ts";
import { studyResult } from "../verdict/study-result.ts";
import type { Result } from "../verdict/result.ts";
import { overSeeds, withMissing } from "../verdict/seeds.ts";
import { BadInput, badArgument } from "./bad-input.ts";
import { worst } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { parseReporters, report } from "./reporters.ts";
import type { Reportable } from "./reporters.ts";
import { readSeedsFile } from "./seeds-file.ts";
import type { SeedsFile } from "./seeds-file.ts";
import { readStudyFile } from "./study-file.ts";
import type { StudyFile } from "./study-file.ts";
import { verdictExit } from "./verdict-exit.ts";

/** Throws BadInput where a folder is not a run's, or holds nothing that can be judged. */
export async function reportAgain(folders: readonly string[], reporterNames: readonly string[]): Promise<ExitCode> {
  const reporters = parseReporters(reporterNames);
  const again = folders.map(judgeAgain);
  const hasReported = await report(reporters, again, again.length > 1);
  return worst([...again.map(({ result }) => verdictExit(result)), hasReported ? EXIT.passed : EXIT.notJudged]);
}

type Judged = Reportable & { readonly result: Result };

function judgeAgain(folder: string): Judged {
  const directory = path.join(folder, ".");
  const several = readSeedsFile(directory);
  return several === null ? judgeOne(directory) : judgeSeeds(directory, several);
}

/** Of several seeds only whole runs count, as when they ran. */
function judgeSeeds(directory: string, { folders, seedsToPass, command }: SeedsFile): Judged {
  const studies = folders.map((name) => readStudyFile(path.join(directory, name)));
  const results = studies.flatMap(
    (study, index) => resultOf(path.join(directory, folders[index]!), study, isWhole) ?? [],
  );
  const result = overSeeds(results, seedsToPass);
  if (result === null) throw nothingToJudge(directory);
  const planned = studies.reduce((sum, { variants }) => sum + variants.length, 0);
  return { result: withMissing(result, planned), directory, command };
}

function judgeOne(directory: string): Judged {
  const study = readStudyFile(directory);
  const result = resultOf(directory, study, () => true);
  if (result === null) throw nothingToJudge(directory);
  return { result: withMissing(result, study.variants.length), directory, command: study.command };
}

/** Null where no run is left that `counts`, or whose control does. */
function resultOf(
  directory: string,
  { scenario, variants, distortions }: StudyFile,
  counts: (recording: Recording) => boolean,
): Result | null {
  const known = new Map<string, Recording | null>();
  const read = (name: string): Recording | null => {
    if (!known.has(name)) known.set(name, readRun(path.join(directory, name)));
    return known.get(name)!;
  };
  const judged = variants.flatMap(({ recording: name, control: controlName, expectation }) => {
    const recording = read(name);
    if (recording === null) {
      leaveOut(path.join(directory, name), "holds no recording");
      return [];
    }
    if (!counts(recording)) return [];
    const control = controlName === null ? null : readControl(controlName);
    if (control !== null && !isWhole(control)) {
      leaveOut(path.join(directory, name), "has a control run that did not come to its end");
      return [];
    }
    return [{ expectation, recording, control }];
  });
  const result = studyResult(scenario, judged);
  return result === null ? null : withDistortions(result, distortions);

  /** It began first: without it the verdict would silently be another one. */
  function readControl(name: string): Recording {
    const control = read(name);
    if (control !== null) return control;
    throw badArgument("broken-recording", `the control run ${path.join(directory, name)} is missing`);
  }
}

function isWhole({ end }: Recording): boolean {
  return end.reason !== "interrupted";
}

function leaveOut(folder: string, why: string): void {
  process.stderr.write(`${folder} ${why}: it is left out\n`);
}

function nothingToJudge(directory: string): BadInput {
  return badArgument("unreadable-file", `${directory} holds no recording of a run`);
}

/** null where the study ended before this run began. */
function readRun(folder: string): Recording | null {
  const read = readRecording(path.join(folder, RECORDING_FILE));
  if ("recording" in read) return read.recording;
  if (read.problems.every(({ code }) => code === "unreadable-file")) return null;
  throw new BadInput(read.problems);
}

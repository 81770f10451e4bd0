// What `firebreak run` does: reads everything, refuses what cannot run, runs study after study, reports.
import path from "node:path";
import { EXIT } from "../core/codes.ts";
import type { Study } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import { createRunDirectory, writeRunInfo } from "../recording/run-directory.ts";
import type { RunInfo } from "../recording/run-directory.ts";
import { distortionsOf, withDistortions } from "../study/distorted.ts";
import type { Distortion } from "../study/distorted.ts";
import { folderStore, memoryStore } from "../study/recording-store.ts";
import { runStudy } from "../study/run-study.ts";
import type { StudyRun } from "../study/run-study.ts";
import { scheduleOf } from "../study/schedule.ts";
import { badArgument } from "./bad-input.ts";
import { breath } from "./breath.ts";
import { determinism } from "./determinism.ts";
import { engineFor } from "./engines.ts";
import { failureText, isFailure, worst } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { Interruption } from "./interruption.ts";
import { refuseWhatCannotRun } from "./live-refusal.ts";
import { loadAt, loadStudies } from "./load-studies.ts";
import { progressDisplay } from "./progress-display.ts";
import type { ProgressDisplay } from "./progress-display.ts";
import { parseReporters, report } from "./reporters.ts";
import type { RunOptions } from "./run.ts";
import { writeStudyFile } from "./study-file.ts";
import { studyExit } from "./verdict-exit.ts";
import { version } from "./version.ts";

/** What a study left: its result with warnings, and where its recordings are. */
interface FinishedStudy {
  readonly run: StudyRun;
  readonly directory: string;
  readonly command: string;
}

/** The command that runs one of the files again. */
type Repeat = (file: string) => string;

/** Throws BadInput before anything runs; otherwise answers with the exit code. */
export async function runStudies(files: readonly string[], options: RunOptions, repeat: Repeat): Promise<ExitCode> {
  const reporters = parseReporters(options.reporter);
  if (options.checkDeterminism && options.engine === "live") {
    throw badArgument(
      "bad-option",
      "--check-determinism compares simulations; real processes are never alike",
      "leave out --engine live",
    );
  }
  const studies = await loadStudies(files, options);
  if (options.engine === "live") refuseWhatCannotRun(studies);
  const display = progressDisplay(options.progress, process.stderr);
  const interruption = new Interruption();
  try {
    if (options.checkDeterminism) return await checkTwice(studies, interruption);
    const finished = await runAll(studies, options, repeat, display, interruption);
    display.close();
    const hasReported = await report(
      reporters,
      finished.map(({ run, directory, command }) => ({ result: run.result, directory, command })),
      studies.length > 1,
    );
    const codes = finished.map(({ run }) => studyExit(run));
    return interruption.code ?? worst([...codes, hasReported ? EXIT.passed : EXIT.notJudged]);
  } finally {
    display.close();
    interruption.release();
  }
}

async function checkTwice(studies: readonly Study[], interruption: Interruption): Promise<ExitCode> {
  const sim = await engineFor("sim", "process");
  return determinism(studies, sim, interruption, process);
}

async function runAll(
  studies: readonly Study[],
  options: RunOptions,
  repeat: Repeat,
  display: ProgressDisplay,
  interruption: Interruption,
): Promise<FinishedStudy[]> {
  const finished: FinishedStudy[] = [];
  for (const study of studies) {
    if (interruption.signal.aborted) break;
    const directory = runDirectory(study, studies, options);
    const one = await runOne(study, directory, options, repeat(study.file), display, interruption);
    finished.push(one);
    const { failure } = one.run;
    display.close();
    if (failure !== null) process.stderr.write(failureText(failure));
  }
  return finished;
}

async function runOne(
  study: Study,
  directory: string,
  options: RunOptions,
  command: string,
  display: ProgressDisplay,
  interruption: Interruption,
): Promise<FinishedStudy> {
  const startedAt = new Date();
  const engine = await engineFor(options.engine, options.isolation);
  const common = {
    signal: interruption.signal,
    breathe: breath(),
    nowMs: () => performance.now(),
    onProgress: display.show,
  };
  const distortions = options.engine === "live" ? await foresee(study, options, common) : [];
  const hasControls = options.engine === "sim" || options.control;
  // Before the first run, so that a run that is killed can be reported too.
  writeStudyFile(directory, study, scheduleOf(study, hasControls, planHash), distortions, command);
  const run = await runStudy(study, engine, { ...common, store: folderStore(directory), hasControls });
  const isolation = engine.name === "live" ? options.isolation : null;
  const details = { engine: engine.name, isolation, exitCode: studyExit(run) };
  keepRunInfo(directory, { command, startedAt, endedAt: new Date(), version: version(), details }, run);
  return {
    run: run.result === null ? run : { ...run, result: withDistortions(run.result, distortions) },
    directory,
    command,
  };
}

/** A disk that has become full costs this file, not the results; where it ended the run that is said already. */
function keepRunInfo(directory: string, info: RunInfo, { failure }: StudyRun): void {
  try {
    writeRunInfo(directory, info);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (failure === null) process.stderr.write(failureText(error));
  }
}

/** Simulates the study at its live size and at full size: what differs is `distorted`. */
async function foresee(
  study: Study,
  options: RunOptions,
  common: Omit<Parameters<typeof runStudy>[2], "store" | "hasControls">,
): Promise<readonly Distortion[]> {
  const { scale, compress } = study.variants[0]!.plan;
  const real = loadAt(study.file, options, { scale: 1, compress: 1 }).study;
  if ((scale === 1 && compress === 1) || real === null) return [];
  const sim = await engineFor("sim", options.isolation);
  const simulate = async (simulated: Study) =>
    (await runStudy(simulated, sim, { ...common, store: memoryStore(), hasControls: true })).result;
  const [shrunken, full] = [await simulate(study), await simulate(real)];
  return shrunken === null || full === null ? [] : distortionsOf(shrunken, full);
}

/** `--out` names the folder of one study itself, and the folder of the folders of several. */
function runDirectory(study: Study, studies: readonly Study[], { out, engine }: RunOptions): string {
  if (out === undefined) return createRunDirectory(".", `${study.scenario}-${engine}`, new Date());
  const namesakes = studies
    .slice(0, studies.indexOf(study))
    .filter(({ scenario }) => scenario === study.scenario).length;
  return studies.length === 1
    ? out
    : path.join(out, namesakes === 0 ? study.scenario : `${study.scenario}-${namesakes + 1}`);
}

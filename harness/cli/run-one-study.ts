// One study of `firebreak run`: foreseen where it is live, run at its seeds, and kept so that it can be reported again.
import path from "node:path";
import type { Study } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import { writeRunInfo } from "../recording/run-directory.ts";
import type { RunInfo } from "../recording/run-directory.ts";
import type { Crew } from "../study/crew.ts";
import { distortionsOf, withDistortions } from "../study/distorted.ts";
import type { Distortion } from "../study/distorted.ts";
import { runStudy } from "../study/run-study.ts";
import type { StudyOptions, StudyRun } from "../study/run-study.ts";
import { scheduleOf } from "../study/schedule.ts";
import { reseeded } from "../study/seeded-study.ts";
import type { SeededStudy } from "../study/seeded-study.ts";
import { crewFor } from "./engines.ts";
import { failureText, isFailure } from "./exit.ts";
import { loadAt } from "./load-studies.ts";
import type { ProgressDisplay } from "./progress-display.ts";
import type { RunOptions } from "./run-options.ts";
import { removeSeedsFile, seedFolder, writeSeedsFile } from "./seeds-file.ts";
import { writeStudyFile } from "./study-file.ts";
import { studyExit } from "./verdict-exit.ts";
import { version } from "./version.ts";

/** What a study left: its result with warnings, and where its recordings are. */
export interface FinishedStudy {
  readonly run: StudyRun;
  readonly directory: string;
  readonly command: string;
}

/** What all studies of a command share. */
export interface Surroundings {
  readonly options: RunOptions;
  readonly display: ProgressDisplay;
  readonly crew: Crew;
  readonly signal: AbortSignal;
}

/** `command` repeats it. Throws RecordingFailure where the folder cannot be written. */
export async function runOneStudy(
  study: Study,
  seeds: readonly number[],
  directory: string,
  command: string,
  { options, display, crew, signal }: Surroundings,
): Promise<FinishedStudy> {
  const startedAt = new Date();
  const common = { signal, nowMs: () => performance.now(), onProgress: display.show };
  const distortions = options.engine === "live" ? await foresee(study, options, common) : [];
  const hasControls = options.engine === "sim" || options.control;
  const isSeveral = seeds.length > 1;
  const seeded = seeds.map((seed): SeededStudy => {
    const folder = isSeveral ? path.join(directory, seedFolder(seed)) : directory;
    return { study: reseeded(study, seed), directory: folder };
  });
  // Before the first run, so that a run that is killed can be reported too.
  if (isSeveral) writeSeedsFile(directory, seeds, study.seedsToPass, command);
  else removeSeedsFile(directory);
  const schedule = scheduleOf(study, hasControls, planHash);
  for (const { directory: folder } of seeded) writeStudyFile(folder!, study, schedule, distortions, command);
  const run = await runStudy(seeded, crew, { ...common, hasControls });
  const isolation = crew.engine === "live" ? options.isolation : null;
  const details = { engine: crew.engine, isolation, workers: crew.size, exitCode: studyExit(run) };
  keepRunInfo(directory, { command, startedAt, endedAt: new Date(), version: version(), details }, run);
  const result = run.result === null ? null : withDistortions(run.result, distortions);
  return { run: { ...run, result }, directory, command };
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

/** Simulates the study at its live size and as the scenario itself is simulated: what differs is `distorted`. */
async function foresee(
  study: Study,
  options: RunOptions,
  common: Omit<StudyOptions, "hasControls">,
): Promise<readonly Distortion[]> {
  const { scale, compress } = study.variants[0]!.plan;
  const real = loadAt(study.file, { ...options, engine: "sim" }, null).study;
  const own = real?.variants[0]?.plan;
  if (real === null || (own?.scale === scale && own.compress === compress)) return [];
  const crew = await crewFor("sim", [study, real], { signal: common.signal, seeds: 1 });
  const simulate = async (simulated: Study) => {
    const run = await runStudy([{ study: simulated, directory: null }], crew, { ...common, hasControls: true });
    if (run.failure !== null) throw run.failure as Error;
    return run.result;
  };
  try {
    const [shrunken, full] = [await simulate(study), await simulate(real)];
    return shrunken === null || full === null ? [] : distortionsOf(shrunken, full);
  } finally {
    await crew.close();
  }
}

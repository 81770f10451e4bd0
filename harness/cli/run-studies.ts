// What `firebreak run` does: reads everything, refuses what cannot run, runs study after study, reports.
import { EXIT } from "../core/codes.ts";
import type { Study } from "../model/plan.ts";
import type { Crew } from "../study/crew.ts";
import { reseeded } from "../study/seeded-study.ts";
import { badArgument } from "./bad-input.ts";
import { determinism } from "./determinism.ts";
import { crewFor, engineFor } from "./engines.ts";
import { ending, worst } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import { Interruption } from "./interruption.ts";
import { refuseWhatCannotRun } from "./live-refusal.ts";
import { loadStudies } from "./load-studies.ts";
import { progressDisplay } from "./progress-display.ts";
import { parseReporters, report } from "./reporters.ts";
import { runDirectory } from "./run-directory-of.ts";
import { runOneStudy } from "./run-one-study.ts";
import type { FinishedStudy, Surroundings } from "./run-one-study.ts";
import type { RunOptions } from "./run-options.ts";
import { seedsOf } from "./seed-range.ts";
import { studyExit } from "./verdict-exit.ts";

/** The command that runs one of the files again. */
type Repeat = (file: string) => string;

/** Throws BadInput before anything runs; otherwise answers with the exit code. */
export async function runStudies(files: readonly string[], options: RunOptions, repeat: Repeat): Promise<ExitCode> {
  const reporters = parseReporters(options.reporter);
  refuseWhatContradicts(options);
  const studies = await loadStudies(files, options);
  if (options.engine === "live") refuseWhatCannotRun(studies, options.strict);
  const display = progressDisplay(options.progress, process.stderr);
  const interruption = new Interruption();
  const { signal } = interruption;
  let crew: Crew | null = null;
  try {
    if (options.checkDeterminism) return await checkTwice(studies, options, interruption);
    const seeds = seedsOf(0, options).length;
    crew = await crewFor(options.engine, studies, { ...options, workers: options.workers, signal, seeds });
    const finished = await runAll(studies, repeat, { options, display, crew, signal });
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
    await crew?.close();
  }
}

function refuseWhatContradicts({ checkDeterminism, engine, workers = 1 }: RunOptions): void {
  if (checkDeterminism && engine === "live") {
    throw badArgument(
      "bad-option",
      "--check-determinism compares simulations; real processes are never alike",
      "leave out --engine live",
    );
  }
  if (workers > 1 && engine === "live") {
    throw badArgument(
      "bad-option",
      `--workers ${workers} would let live runs measure each other: they have the machine one after the other`,
      "leave out --workers",
    );
  }
  if (workers > 1 && checkDeterminism) {
    throw badArgument("bad-option", "--check-determinism runs everything in one process", "leave out --workers");
  }
}

async function checkTwice(
  studies: readonly Study[],
  options: RunOptions,
  interruption: Interruption,
): Promise<ExitCode> {
  const sim = await engineFor("sim", "process");
  const seeded = studies.flatMap((study) =>
    seedsOf(study.variants[0]!.plan.seed, options).map((seed) => reseeded(study, seed)),
  );
  return determinism(seeded, sim, interruption, process);
}

async function runAll(studies: readonly Study[], repeat: Repeat, surroundings: Surroundings): Promise<FinishedStudy[]> {
  const { options, display, signal } = surroundings;
  const finished: FinishedStudy[] = [];
  for (const study of studies) {
    if (signal.aborted) break;
    const seeds = seedsOf(study.variants[0]!.plan.seed, options);
    const directory = runDirectory(study, studies, seeds.length, options);
    const one = await runOneStudy(study, seeds, directory, repeat(study.file), surroundings);
    finished.push(one);
    display.close();
    if (one.run.failure !== null) process.stderr.write(ending(one.run.failure).text);
  }
  return finished;
}

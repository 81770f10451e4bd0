// A study from plans to a result: carries out what the schedules of its seeds ask for, judges every seed as soon as
// its runs are there, and says whether the study came to its end.
import path from "node:path";
import { planHash } from "../recording/plan-hash.ts";
import type { Result } from "../verdict/result.ts";
import { overSeeds, withMissing } from "../verdict/seeds.ts";
import { carryOutAll } from "./carry-out-all.ts";
import type { Crew } from "./crew.ts";
import { ProgressTracker } from "./progress.ts";
import type { StudyProgress } from "./progress.ts";
import type { RunTask } from "./run-task.ts";
import { scheduleLike, scheduleOf } from "./schedule.ts";
import { SeedRuns } from "./seed-runs.ts";
import type { SeededStudy } from "./seeded-study.ts";

export interface StudyOptions {
  /** Aborting it ends the study early; the crew must have been given the same one. */
  readonly signal: AbortSignal;
  /** Run the controls too. In `live` the steady state before the trigger can stand for them. */
  readonly hasControls: boolean;
  /** The wall clock, in milliseconds from anywhere. */
  readonly nowMs: () => number;
  readonly onProgress: (progress: StudyProgress) => void;
}

export interface StudyRun {
  /** Of the variants that ran to an end of any kind; of several seeds, of the runs that are whole. Null where there is none. */
  readonly result: Result | null;
  /** Why the study ended early, or null: an EngineFailure, a RecordingFailure, or our bug. */
  readonly failure: unknown;
}

/** One study at its seeds, in the order in which they are told. */
export async function runStudy(seeded: readonly SeededStudy[], crew: Crew, options: StudyOptions): Promise<StudyRun> {
  const { signal, hasControls, nowMs, onProgress } = options;
  const { study } = seeded[0]!;
  const isSeveral = seeded.length > 1;
  const schedule = scheduleOf(study, hasControls, planHash);
  const seeds = seeded.map((one) => new SeedRuns(one.study, scheduleLike(schedule, one.study)));
  const runs = seeds.flatMap((seed, at) =>
    tasksOf(seed, seeded[at]!).map((task, index) => ({ seed, index, task, name: seed.schedule.runs[index]!.name })),
  );
  const progress = new ProgressTracker(
    study.scenario,
    crew,
    runs.map(({ name, task: { plan } }) => ({ name, seed: plan.seed, endMs: plan.endMs })),
    nowMs,
    onProgress,
  );
  const judge = (seed: SeedRuns): void => {
    const first = runs.findIndex((run) => run.seed === seed);
    const outcomes = seed.judge(isSeveral);
    progress.judged(new Map(Array.from(outcomes, ([index, outcome]) => [first + index, outcome])));
  };
  const tasks = runs.map(({ task }) => task);
  const failure = await carryOutAll(tasks, crew, signal, progress, (at, observed) => {
    const { seed, index } = runs[at]!;
    seed.add(index, observed);
    if (!seed.isWhole) return;
    judge(seed);
    seed.letGo();
  });
  for (const seed of seeds) if (!seed.isWhole) judge(seed);
  return { result: resultOf(seeds, study.seedsToPass), failure };
}

/** One per run of the schedule. */
function tasksOf({ schedule }: SeedRuns, { directory }: SeededStudy): RunTask[] {
  return schedule.runs.map(({ name, plan }, index) => ({
    plan,
    checks: schedule.variants.find(({ run }) => run === index)?.variant.expectation.checks ?? [],
    directory: directory === null ? null : path.join(directory, name),
  }));
}

function resultOf(seeds: readonly SeedRuns[], share: number): Result | null {
  const results = seeds.flatMap(({ result }) => result ?? []);
  const variants = seeds.reduce((sum, { schedule }) => sum + schedule.variants.length, 0);
  const over = overSeeds(results, share);
  if (over !== null) return withMissing(over, variants);
  // Not one run is whole: then the first that came anywhere is told, as it would be alone.
  for (const seed of seeds) {
    seed.judge(false);
    if (seed.result !== null) return seed.result;
  }
  return null;
}

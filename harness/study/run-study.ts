// A study from plans to a result: runs what the schedule asks for, judges every variant that ran, and says
// whether it came to its end.
import type { Engine } from "../engine/engine.ts";
import type { Study } from "../model/plan.ts";
import { planHash } from "../recording/plan-hash.ts";
import type { Result } from "../verdict/result.ts";
import { studyResult } from "../verdict/study-result.ts";
import { ProgressTracker } from "./progress.ts";
import type { StudyProgress } from "./progress.ts";
import { recordStudy } from "./record-study.ts";
import type { RecordedStudy, RecordingOptions } from "./record-study.ts";
import type { RecordingStore } from "./recording-store.ts";
import { scheduleOf } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

export interface StudyOptions extends RecordingOptions {
  readonly store: RecordingStore;
  /** Run the controls too. In `live` the steady state before the trigger can stand for them. */
  readonly hasControls: boolean;
  /** The wall clock, in milliseconds from anywhere. */
  readonly nowMs: () => number;
  readonly onProgress: (progress: StudyProgress) => void;
}

export interface StudyRun {
  readonly study: Study;
  readonly schedule: Schedule;
  /** Of the variants that ran to an end of any kind; null where none did. */
  readonly result: Result | null;
  readonly isInterrupted: boolean;
  readonly failure: RecordedStudy["failure"];
}

export async function runStudy(study: Study, engine: Engine, options: StudyOptions): Promise<StudyRun> {
  const { store, hasControls, nowMs, onProgress } = options;
  const schedule = scheduleOf(study, hasControls, planHash);
  const runs = schedule.runs.map(({ name, plan }) => ({ name, endMs: plan.endMs }));
  const progress = new ProgressTracker(study.scenario, engine.name, runs, nowMs, onProgress);
  const { recordings, isInterrupted, failure } = await recordStudy(schedule, engine, store, options, progress);
  const judged = schedule.variants.flatMap(({ variant, run, control }) => {
    const recording = recordings[run] ?? null;
    return recording === null
      ? []
      : [
          {
            run,
            expectation: variant.expectation,
            recording,
            control: control === null ? null : (recordings[control] ?? null),
          },
        ];
  });
  const result = studyResult(study.scenario, judged);
  progress.judged(
    new Map(
      judged.flatMap(({ run }, index) => {
        const outcome = result?.variants[index]?.outcome;
        return outcome === undefined ? [] : [[run, outcome] as const];
      }),
    ),
  );
  return { study, schedule, result, isInterrupted, failure };
}

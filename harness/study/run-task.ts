// The unit of work of a study: one run, from its plan to what the judge sees of it. Wherever it is carried out, its
// recording is written there and read there; what comes back is small.
import type { Engine, RunOptions } from "../engine/engine.ts";
import type { CheckPlan, Plan } from "../model/plan.ts";
import type { Observation } from "../verdict/observation.ts";
import { observe } from "../verdict/observation.ts";
import type { CheckResult } from "../verdict/result.ts";
import { checked } from "../verdict/checks.ts";
import { openRecording } from "./open-recording.ts";

export interface RunTask {
  readonly plan: Plan;
  readonly checks: readonly CheckPlan[];
  /** The folder of its recording; null where it is not kept. */
  readonly directory: string | null;
}

export interface ObservedRun {
  readonly run: Observation;
  readonly checks: readonly CheckResult[];
}

/** Rejects with EngineFailure or RecordingFailure; what was written stays. */
export async function carryOut(
  { plan, checks, directory }: RunTask,
  engine: Engine,
  options: RunOptions,
): Promise<ObservedRun> {
  const open = openRecording(directory);
  try {
    await engine.run(plan, open.sink, options);
    const recording = open.finished();
    return { run: observe(recording), checks: checked(recording, checks) };
  } finally {
    open.close();
  }
}

// The unit of work of a study: one run, from its plan to what the judge sees of it. Wherever it is carried out, its
// recording is written there; what comes back is small.
import type { Engine, RunOptions } from "../engine/engine.ts";
import type { CheckPlan, Plan } from "../model/plan.ts";
import { FileRecording } from "../recording/file-recording.ts";
import type { RecordingSink } from "../recording/recording.ts";
import { Observer } from "../verdict/observer.ts";
import type { ObservedRun } from "../verdict/observer.ts";

export interface RunTask {
  readonly plan: Plan;
  readonly checks: readonly CheckPlan[];
  /** The folder of its recording; null where it is not kept. */
  readonly directory: string | null;
}

/** Rejects with EngineFailure or RecordingFailure; what was written stays. */
export async function carryOut(
  { plan, checks, directory }: RunTask,
  engine: Engine,
  options: RunOptions,
): Promise<ObservedRun> {
  const observer = new Observer(checks);
  const file = directory === null ? null : new FileRecording(directory);
  try {
    await engine.run(plan, file === null ? observer : both(file, observer), options);
    return observer.observed();
  } finally {
    file?.close();
  }
}

/** What could not be written is not observed either. */
function both(first: RecordingSink, second: RecordingSink): RecordingSink {
  return {
    begin(header) {
      first.begin(header);
      second.begin(header);
    },
    bucket(bucket) {
      first.bucket(bucket);
      second.bucket(bucket);
    },
    event(event) {
      first.event(event);
      second.event(event);
    },
    end(end) {
      first.end(end);
      second.end(end);
    },
  };
}

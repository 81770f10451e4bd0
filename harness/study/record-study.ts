// Runs a schedule on an engine, one run after the other, each into a recording. Stops between runs when
// interrupted, and at the first run that the engine or the disk could not carry through.
import { EngineFailure } from "../engine/engine.ts";
import type { Engine, RunProgress } from "../engine/engine.ts";
import { RecordingFailure } from "../recording/recording-failure.ts";
import type { Recording } from "../recording/recording.ts";
import type { ProgressTracker } from "./progress.ts";
import type { RecordingStore } from "./recording-store.ts";
import type { Schedule } from "./schedule.ts";

export interface RecordedStudy {
  /** By run of the schedule; null where it did not run. */
  readonly recordings: readonly (Recording | null)[];
  readonly isInterrupted: boolean;
  /** Why the study ended early, or null. */
  readonly failure: EngineFailure | RecordingFailure | null;
}

export interface RecordingOptions {
  readonly signal: AbortSignal;
  /** Lets the process see to its signals and its screen; a simulation waits for it now and then. */
  readonly breathe: () => void | Promise<void>;
}

export async function recordStudy(
  schedule: Schedule,
  engine: Engine,
  store: RecordingStore,
  { signal, breathe }: RecordingOptions,
  progress: ProgressTracker,
): Promise<RecordedStudy> {
  const recordings: (Recording | null)[] = schedule.runs.map(() => null);
  for (const [index, { name, plan }] of schedule.runs.entries()) {
    if (signal.aborted) break;
    progress.begin(index);
    try {
      const open = store.open(name);
      try {
        const onProgress = (reached: RunProgress): void | Promise<void> => {
          progress.reached(index, reached);
          return breathe();
        };
        const end = await engine.run(plan, open.sink, { signal, onProgress });
        recordings[index] = open.finished();
        progress.end(index, end.reason === "completed" ? "done" : "failed");
      } finally {
        open.close();
      }
    } catch (error) {
      if (!(error instanceof EngineFailure || error instanceof RecordingFailure)) throw error;
      progress.end(index, "failed");
      return { recordings, isInterrupted: signal.aborted, failure: error };
    }
  }
  return { recordings, isInterrupted: signal.aborted, failure: null };
}

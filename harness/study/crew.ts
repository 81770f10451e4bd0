// Who carries out the runs of a study: this process, one run at a time, or several (process-crew.ts).
import type { Engine, RunProgress } from "../engine/engine.ts";
import { breath } from "./breath.ts";
import type { RunEnd } from "../recording/recording.ts";
import type { ObservedRun } from "../verdict/observer.ts";
import type { RunTask } from "./run-task.ts";
import { carryOut } from "./run-task.ts";

/** A run that is over, so that there is room for the next; what was observed of it may still be on its way. */
export interface EndedRun {
  readonly reason: RunEnd["reason"];
  /** Rejects as `Crew.run` does. */
  readonly observed: Promise<ObservedRun>;
}

export interface Crew {
  readonly engine: "sim" | "live";
  /** So many runs at a time. */
  readonly size: number;
  /** Rejects with EngineFailure or RecordingFailure, or with whatever else ended the run: our bug. */
  run(task: RunTask, onProgress: (progress: RunProgress) => void): Promise<EndedRun>;
  /** Lets go of everything, runs in progress included. */
  close(): Promise<void>;
}

/** One run after the other, here. Aborting `signal` ends the run in progress early. */
export function ownProcess(engine: Engine, signal: AbortSignal): Crew {
  const breathe = breath();
  return {
    engine: engine.name,
    size: 1,
    async run(task, onProgress) {
      const observed = await carryOut(task, engine, {
        signal,
        onProgress(progress) {
          onProgress(progress);
          return breathe();
        },
      });
      return { reason: observed.run.end.reason, observed: Promise.resolve(observed) };
    },
    close: () => Promise.resolve(),
  };
}

// Deals the runs of a study out to its crew, in order, as many at a time as the crew carries. Stops dealing when
// interrupted, and at the first run that could not be carried through; what is under way then still comes to its end.
import type { Crew, EndedRun } from "./crew.ts";
import type { ProgressTracker } from "./progress.ts";
import type { ObservedRun } from "../verdict/observer.ts";
import type { RunTask } from "./run-task.ts";

/**
 * Answers with what ended the study early, or null: an EngineFailure, a RecordingFailure, or our bug; of several
 * that of the first task. `onObserved` hears of each run as it ends.
 */
export async function carryOutAll(
  tasks: readonly RunTask[],
  crew: Crew,
  signal: AbortSignal,
  progress: ProgressTracker,
  onObserved: (index: number, observed: ObservedRun) => void,
): Promise<unknown> {
  const failures = new Map<number, unknown>();
  let next = 0;
  const begin = (): Promise<() => Promise<void>> | null => {
    if (next === tasks.length || signal.aborted || failures.size > 0) return null;
    return one(next++);
  };
  const one = async (index: number): Promise<() => Promise<void>> => {
    const fail = (error: unknown): null => {
      failures.set(index, error);
      return null;
    };
    progress.begin(index);
    const run = async (): Promise<EndedRun> => crew.run(tasks[index]!, (reached) => progress.reached(index, reached));
    const ended = await run().catch(fail);
    // Listened to from now on: what is lost on its way is a failure before another run is dealt.
    const seen = ended?.observed.catch(fail) ?? null;
    progress.end(index, ended?.reason === "completed" ? "done" : "failed");
    return async () => {
      const observed = await seen;
      if (observed !== null) onObserved(index, observed);
    };
  };
  const deal = async (): Promise<void> => {
    let running = begin();
    while (running !== null) {
      const look = await running;
      // A process is handed its next run before the last one is looked at: it need not wait for that.
      running = begin();
      await Promise.all([look(), running]);
    }
  };
  await Promise.all(Array.from({ length: crew.size }, deal));
  const [first] = [...failures.keys()].sort((a, b) => a - b);
  return first === undefined ? null : failures.get(first);
}

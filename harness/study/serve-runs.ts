// What a process of a study does: carries out the runs that it is handed, one after the other, and says what came of
// each. A bug ends the process, which its crew hears of.
import { unreachable } from "../core/assert.ts";
import { EngineFailure } from "../engine/engine.ts";
import type { Engine, RunProgress } from "../engine/engine.ts";
import { RecordingFailure } from "../recording/recording-failure.ts";
import { breath } from "./breath.ts";
import type { RunTask } from "./run-task.ts";
import { carryOut } from "./run-task.ts";
import type { Answer, EngineModule, Order } from "./crew-message.ts";
import { packed, packedBug, packedFailure } from "./crew-message.ts";

/** Listens from when the engine is there until this process ends. */
export async function serveRuns({ url, makes }: EngineModule): Promise<void> {
  process.once("uncaughtException", (error) => answer({ did: "trip", bug: packedBug(error) }));
  const stop = new AbortController();
  const made = import(url) as Promise<Record<string, () => Engine>>;
  const engine = made.then((engines) => engines[makes]!());
  let before: Promise<void> = Promise.resolve();
  process.on("message", (order: Order) => {
    switch (order.do) {
      case "run":
        before = before.then(async () => runOne(order.task, await engine, stop.signal));
        return;
      case "stop":
        return stop.abort();
      default:
        return unreachable(order);
    }
  });
  await engine;
}

/** Nobody may be left to hear it: then this process is about to end. */
function answer(given: Answer, onWritten: () => void = () => {}): void {
  process.send?.(given, undefined, undefined, onWritten);
}

async function runOne(task: RunTask, engine: Engine, signal: AbortSignal): Promise<void> {
  let reached: RunProgress | null = null;
  const breathe = breath(() => answer({ did: "reached", progress: reached! }));
  const onProgress = (progress: RunProgress): void | Promise<void> => {
    // The first is told at once: from then on the run is on its way.
    if (reached === null) answer({ did: "reached", progress });
    reached = progress;
    return breathe();
  };
  try {
    const observed = await carryOut(task, engine, { signal, onProgress });
    answer({ did: "over", reason: observed.run.end.reason });
    // The next run waits until all is written: it gives the channel a turn only now and then, and might end this process.
    await new Promise<void>((resolve) => answer(packed(observed), resolve));
  } catch (error) {
    if (!(error instanceof EngineFailure || error instanceof RecordingFailure)) throw error;
    answer(packedFailure(error));
  }
}

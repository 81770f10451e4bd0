// What a thread of a study does: carries out the runs that it is handed, one after the other, and says what came of
// each. A bug ends the thread, which its crew hears of.
import { parentPort } from "node:worker_threads";
import { assert, unreachable } from "../core/assert.ts";
import { EngineFailure } from "../engine/engine.ts";
import type { Engine, RunProgress } from "../engine/engine.ts";
import { RecordingFailure } from "../recording/recording-failure.ts";
import { breath } from "./breath.ts";
import type { RunTask } from "./run-task.ts";
import { carryOut } from "./run-task.ts";
import type { Answer, EngineModule, Order } from "./thread-message.ts";
import { packed, packedFailure } from "./thread-message.ts";

/** Listens from when the engine is there until it is told to leave. */
export async function serveRuns({ url, makes }: EngineModule): Promise<void> {
  const made = (await import(url)) as Record<string, () => Engine>;
  const engine = made[makes]!();
  const port = parentPort;
  assert(port !== null, "runs are served to the thread that started this one");
  const stop = new AbortController();
  const answer = (given: Answer): void => port.postMessage(given);
  port.on("message", (order: Order) => {
    switch (order.do) {
      case "run":
        return void runOne(order.task, engine, stop.signal, answer);
      case "stop":
        return stop.abort();
      case "leave":
        return port.close();
      default:
        return unreachable(order);
    }
  });
}

async function runOne(
  task: RunTask,
  engine: Engine,
  signal: AbortSignal,
  answer: (given: Answer) => void,
): Promise<void> {
  let reached: RunProgress | null = null;
  const breathe = breath(() => answer({ did: "reached", progress: reached! }));
  const onProgress = (progress: RunProgress): void | Promise<void> => {
    // The first is told at once: from then on the run is on its way.
    if (reached === null) answer({ did: "reached", progress });
    reached = progress;
    return breathe();
  };
  try {
    answer(packed(await carryOut(task, engine, { signal, onProgress })));
  } catch (error) {
    if (!(error instanceof EngineFailure || error instanceof RecordingFailure)) throw error;
    answer(packedFailure(error));
  }
}

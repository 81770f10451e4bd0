// The alarm of the load generator: a worker thread that sleeps until the earliest due time and then wakes this one.
// A timer misses by half a millisecond on average; this one by 0.1 ms, for the same CPU. Spinning would need a core.
import { Worker } from "node:worker_threads";
import type { Alarm } from "../wire/agenda.ts";
import type { RunClock } from "../wire/run-clock.ts";

/** Words of the shared memory; `RINGS` counts up when the time has come, `ORDERS` when there is a new one. */
export const ORDERS = 0;
export const RINGS = 1;
/** Index, in doubles, of the due time on the machine's monotonic clock. */
export const DUE = 1;

export function workerAlarm(clock: RunClock): Alarm {
  const memory = new SharedArrayBuffer(16);
  const words = new Int32Array(memory);
  const times = new Float64Array(memory);
  times[DUE] = Infinity;
  // Beside this file, in the sources and in the bundle alike.
  const file = `./timing-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`;
  const worker = new Worker(new URL(file, import.meta.url), { workerData: memory, execArgv: [], env: {} });
  worker.unref();
  let armedForMs = Infinity;
  let isClosed = false;
  let ring = (): void => {};
  const listen = async (): Promise<void> => {
    // Read before ringing: the worker may ring again meanwhile, and that ring must not be missed.
    let rings = 0;
    for (;;) {
      await Atomics.waitAsync(words, RINGS, rings).value;
      if (isClosed) return;
      rings = Atomics.load(words, RINGS);
      armedForMs = Infinity;
      ring();
    }
  };
  void listen();
  return {
    onRing(given) {
      ring = given;
    },
    set(dueMs) {
      // Told only what is earlier than what it sleeps towards: a ring too many costs less than a call too many.
      if (dueMs >= armedForMs) return;
      armedForMs = dueMs;
      times[DUE] = dueMs + clock.originMs;
      Atomics.add(words, ORDERS, 1);
      Atomics.notify(words, ORDERS);
    },
    close() {
      isClosed = true;
      void worker.terminate();
    },
  };
}

// The thread behind worker-alarm.ts: sleeps until the time it was told, then rings.
import { workerData } from "node:worker_threads";
import { monotonicMs } from "../wire/run-clock.ts";
import { DUE, ORDERS, RINGS } from "./worker-alarm.ts";

const memory = workerData as SharedArrayBuffer;
const words = new Int32Array(memory);
const times = new Float64Array(memory);

for (;;) {
  const orders = Atomics.load(words, ORDERS);
  const leftMs = times[DUE]! - monotonicMs();
  if (leftMs > 0) {
    Atomics.wait(words, ORDERS, orders, leftMs);
    if (Atomics.load(words, ORDERS) !== orders || times[DUE]! > monotonicMs()) continue;
  }
  times[DUE] = Infinity;
  Atomics.add(words, RINGS, 1);
  Atomics.notify(words, RINGS);
}

import { expect, test } from "vitest";
import { workerAlarm } from "../../harness/live/worker-alarm.ts";
import { monotonicMs, RunClock } from "../../harness/wire/run-clock.ts";

test("it rings at every time that it is told, never early, and an earlier time replaces a later one", async () => {
  const clock = new RunClock(monotonicMs());
  const alarm = workerAlarm(clock);
  const lateMs: number[] = [];
  let dueMs = 0;
  const rung = new Promise<void>((resolve) => {
    alarm.onRing(() => {
      const late = clock.nowMs() - dueMs;
      // A ring too many (for the later time that was replaced) may come; one too early may not be taken for the due one.
      if (late >= 0) {
        lateMs.push(late);
        dueMs = clock.nowMs() + 1 + (lateMs.length % 7);
        if (lateMs.length === 200) return resolve();
      }
      alarm.set(dueMs);
    });
  });
  dueMs = clock.nowMs() + 5;
  alarm.set(dueMs + 50_000);
  alarm.set(dueMs);
  await rung;
  alarm.close();
  lateMs.sort((a, b) => a - b);
  // Measured on an idle machine: 0.1 ms. A timer of Node's would be 0.5 ms late at best.
  expect(lateMs[100]).toBeLessThan(1.5);
});

test("it can be told a new time inside of its ring, and a time that is over rings at once", async () => {
  const clock = new RunClock(monotonicMs());
  const alarm = workerAlarm(clock);
  let rings = 0;
  await new Promise<void>((resolve) => {
    alarm.onRing(() => {
      if (++rings === 100) resolve();
      else alarm.set(clock.nowMs() - 1);
    });
    alarm.set(clock.nowMs() - 1);
  });
  alarm.close();
  expect(rings).toBe(100);
});

import { expect, test } from "vitest";
import type { RunProgress } from "../../harness/engine/engine.ts";
import { ProgressTracker } from "../../harness/study/progress.ts";
import type { StudyProgress } from "../../harness/study/progress.ts";

function tracked(): { tracker: ProgressTracker; last: () => StudyProgress; at: (ms: number) => void } {
  let nowMs = 0;
  const seen: StudyProgress[] = [];
  const runs = [
    { name: "_control", endMs: 10_000 },
    { name: "canary", endMs: 10_000 },
  ];
  const tracker = new ProgressTracker(
    "shop",
    "sim",
    runs,
    () => nowMs,
    (progress) => seen.push(progress),
  );
  return { tracker, last: () => seen.at(-1)!, at: (ms) => (nowMs = ms) };
}

function running(runMs: number, note: string | null = null): RunProgress {
  return { phase: "running", runMs, endMs: 10_000, note };
}

test("time left is the rest of the work at the pace so far, and a start for each run to come", () => {
  const { tracker, last, at } = tracked();
  tracker.begin(0);
  at(3000);
  tracker.reached(0, running(0));
  at(5000);
  tracker.reached(0, running(5000, "half"));
  // 5 s of work took 2 s, so 15 s take 6 s; the start took 3 s and comes once more.
  expect(last()).toMatchObject({ elapsedMs: 5000, remainingMs: 9000, current: 0, note: "half" });
});

test("nothing is guessed from too little", () => {
  const { tracker, last, at } = tracked();
  tracker.begin(0);
  tracker.reached(0, running(0));
  at(100);
  tracker.reached(0, running(5000));
  expect(last().remainingMs).toBeNull();
  at(5000);
  tracker.reached(0, running(5100));
  expect(last().remainingMs).not.toBeNull();
});

test("a run that failed leaves nothing of itself to do, and at the end nothing is left", () => {
  const { tracker, last, at } = tracked();
  tracker.begin(0);
  tracker.reached(0, running(0));
  at(1000);
  tracker.reached(0, running(2000));
  tracker.end(0, "failed");
  expect(last()).toMatchObject({ remainingMs: 5000, current: 0 });
  tracker.begin(1);
  tracker.end(1, "done");
  tracker.judged(new Map([[1, "contained"]]));
  expect(last()).toMatchObject({ remainingMs: 0, current: 2 });
  expect(last().runs[1]).toMatchObject({ phase: "done", runMs: 10_000, outcome: "contained" });
});

import { expect, test } from "vitest";
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

test("time left is the rest of the work at the pace so far", () => {
  const { tracker, last, at } = tracked();
  tracker.begin(0);
  at(2000);
  tracker.reached(0, { phase: "running", runMs: 5000, endMs: 10_000, note: "half" });
  expect(last()).toMatchObject({ elapsedMs: 2000, remainingMs: 6000, current: 0, note: "half" });
});

test("nothing is guessed from too little", () => {
  const { tracker, last, at } = tracked();
  tracker.begin(0);
  at(100);
  tracker.reached(0, { phase: "running", runMs: 5000, endMs: 10_000, note: null });
  expect(last().remainingMs).toBeNull();
  at(5000);
  tracker.reached(0, { phase: "starting", runMs: 0, endMs: 10_000, note: null });
  expect(last().remainingMs).toBeNull();
});

test("a run that ended early counts as done, and at the end nothing is left", () => {
  const { tracker, last, at } = tracked();
  tracker.begin(0);
  at(1000);
  tracker.end(0, "failed");
  expect(last()).toMatchObject({ remainingMs: 1000, current: 0 });
  tracker.begin(1);
  tracker.end(1, "done");
  tracker.judged(new Map([[1, "contained"]]));
  expect(last()).toMatchObject({ remainingMs: 0, current: 2 });
  expect(last().runs[1]).toMatchObject({ phase: "done", runMs: 10_000, outcome: "contained" });
});

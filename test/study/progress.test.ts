import { expect, test } from "vitest";
import type { RunProgress } from "../../harness/engine/engine.ts";
import { ProgressTracker } from "../../harness/study/progress.ts";
import type { StudyProgress } from "../../harness/study/progress.ts";

function tracked(
  atOnce = 1,
  names = ["_control", "canary"],
): { tracker: ProgressTracker; last: () => StudyProgress; at: (ms: number) => void } {
  let nowMs = 0;
  const seen: StudyProgress[] = [];
  const runs = names.map((name, index) => ({ name, seed: index, endMs: 10_000 }));
  const tracker = new ProgressTracker(
    "shop",
    { engine: "sim", size: atOnce },
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
  expect(last()).toMatchObject({ remainingMs: 5000, current: 1 });
  tracker.begin(1);
  tracker.end(1, "done");
  tracker.judged(new Map([[1, "contained"]]));
  expect(last()).toMatchObject({ remainingMs: 0, current: 2 });
  expect(last().runs[1]).toMatchObject({ phase: "done", runMs: 10_000, outcome: "contained" });
});

test("runs side by side are dealt out as they will be: the longest thread says when", () => {
  const { tracker, last, at } = tracked(2, ["a", "b", "a", "b", "a"]);
  for (const run of [0, 1]) tracker.begin(run);
  for (const run of [0, 1]) tracker.reached(run, running(0));
  at(4000);
  for (const run of [0, 1]) tracker.end(run, "done");
  // Each run takes 4 s, three are left for two processes: two of them in one.
  expect(last()).toMatchObject({ remainingMs: 8000, current: 2 });
});

test("a strategy that takes longer than others is expected to do so again", () => {
  const { tracker, last, at } = tracked(1, ["slow", "quick", "slow", "quick", "quick"]);
  for (const [run, ms] of [6000, 7000].entries()) {
    tracker.begin(run);
    tracker.reached(run, running(0));
    at(ms);
    tracker.end(run, "done");
  }
  // 6 s again for the slow one, 1 s for each of the others.
  expect(last()).toMatchObject({ remainingMs: 8000, current: 2 });
});

test("nobody is told of every step of a run, but of every run that begins or ends", () => {
  let told = 0;
  const runs = [{ name: "canary", seed: 1, endMs: 10_000 }];
  let nowMs = 0;
  const tracker = new ProgressTracker(
    "shop",
    { engine: "sim", size: 1 },
    runs,
    () => nowMs,
    () => told++,
  );
  tracker.begin(0);
  for (let step = 0; step <= 1000; step++) {
    nowMs = step / 10;
    tracker.reached(0, running(step));
  }
  tracker.end(0, "done");
  // Begin, the first step, one after 50 ms and one after 100 ms, the end.
  expect(told).toBe(5);
});

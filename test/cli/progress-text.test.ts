import { expect, test } from "vitest";
import { plainLine, ttyLines } from "../../harness/cli/progress-text.ts";
import type { StudyProgress } from "../../harness/study/progress.ts";

const progress: StudyProgress = {
  scenario: "first-bad-release",
  engine: "sim",
  runs: [
    { name: "_control", seed: 7, phase: "done", runMs: 600_000, endMs: 600_000, outcome: null },
    { name: "everywhere", seed: 7, phase: "done", runMs: 600_000, endMs: 600_000, outcome: "escaped" },
    {
      name: "a-strategy-with-a-very-long-name",
      seed: 7,
      phase: "running",
      runMs: 150_000,
      endMs: 600_000,
      outcome: null,
    },
    { name: "staged", seed: 7, phase: "waiting", runMs: 0, endMs: 600_000, outcome: null },
  ],
  current: 2,
  elapsedMs: 4200,
  remainingMs: 65_000,
  note: "weight 5 %",
};

test("a terminal sees every run with its bar, and the times", () => {
  expect(`${ttyLines(progress, 100, 24).join("\n")}\n`).toMatchInlineSnapshot(`
    "first-bad-release on sim
      control                  ████████████████████████ done
      everywhere               ████████████████████████ escaped
      a-strategy-with-a-very-… ██████░░░░░░░░░░░░░░░░░░ 2:30 of 10:00
      staged                   ░░░░░░░░░░░░░░░░░░░░░░░░ waiting
      4 s elapsed, about 1 min 5 s left · weight 5 %
    "
  `);
});

test("no line is wider than the terminal, and no block higher", () => {
  const lines = ttyLines(progress, 40, 6);
  expect(lines.every((line) => line.length < 40)).toBe(true);
  expect(lines.length).toBeLessThanOrEqual(5);
  expect(lines.join("\n")).toContain("a-strategy-with");
  expect(lines[0]).toContain("2 more runs");
  expect(ttyLines(progress, 100, 7)[0]).toContain("(1 more run)");
});

test("a log gets one line that says where the study stands", () => {
  expect(plainLine(progress)).toBe(
    "first-bad-release on sim: a-strategy-with-a-very-long-name (3 of 4), 2:30 of 10:00; 4 s elapsed, about 1 min 5 s left",
  );
  expect(plainLine({ ...progress, current: 4, remainingMs: 0 })).toBe("first-bad-release on sim: done; 4 s elapsed");
  const stopped = progress.runs.map((run, index) => (index === 2 ? { ...run, phase: "failed" as const } : run));
  expect(plainLine({ ...progress, runs: stopped })).toBe("first-bad-release on sim: stopped; 4 s elapsed");
});

const side = progress.runs.map((run, index) => (index === 3 ? { ...run, phase: "running", runMs: 60_000 } : run));
const beside = { ...progress, runs: side as StudyProgress["runs"] };

test("a log gets numbers where several runs are under way", () => {
  expect(plainLine(beside)).toBe(
    "first-bad-release on sim: 2 of 4 runs over, 2 under way; 4 s elapsed, about 1 min 5 s left",
  );
});

test("of several seeds a terminal sees each strategy once, and what its seeds have come to", () => {
  const other = progress.runs.map((run) => ({
    ...run,
    seed: 8,
    outcome: run.name === "everywhere" ? "contained" : null,
  }));
  const runs = [...progress.runs, ...other] as StudyProgress["runs"];
  expect(`${ttyLines({ ...progress, runs, note: null }, 100, 24).join("\n")}\n`).toMatchInlineSnapshot(`
    "first-bad-release on sim, 2 seeds: 4 of 8 runs
      control                  ████████████████████████ 2 of 2
      everywhere               ████████████████████████ escaped 1, contained 1
      a-strategy-with-a-very-… ██████░░░░░░░░░░░░░░░░░░ 0 of 2
      staged                   ░░░░░░░░░░░░░░░░░░░░░░░░ 0 of 2
      4 s elapsed, about 1 min 5 s left
    "
  `);
});

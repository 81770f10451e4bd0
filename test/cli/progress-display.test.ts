import { expect, test } from "vitest";
import { progressDisplay } from "../../harness/cli/progress-display.ts";
import type { ProgressKind } from "../../harness/cli/progress-kind.ts";
import type { StudyProgress } from "../../harness/study/progress.ts";
import type { RunState } from "../../harness/study/run-state.ts";

/** What is written to a terminal of 80 columns, or to a file. */
function shown(kind: ProgressKind, steps: readonly StudyProgress[], isTTY = false): string {
  let text = "";
  const stream = { isTTY, columns: 80, rows: 24, write: (part: string) => (text += part) };
  const display = progressDisplay(kind, stream as unknown as NodeJS.WriteStream);
  for (const step of steps) display.show(step);
  display.close();
  return text;
}

function at(elapsedMs: number, phase: RunState["phase"]): StudyProgress {
  const run = { name: "canary", seed: 7, phase, runMs: elapsedMs, endMs: 60_000, outcome: null };
  const current = phase === "done" ? 1 : 0;
  return { scenario: "small", engine: "sim", runs: [run], current, elapsedMs, remainingMs: null, note: null };
}

const steps = [at(0, "starting"), at(50, "running"), at(60, "running"), at(900, "running"), at(1000, "done")];

/** A terminal in miniature: cursor up, erase to the end of the line or of the screen. */
function screen(text: string): string[] {
  const lines: string[] = [""];
  let row = 0;
  // eslint-disable-next-line no-control-regex
  for (const part of text.match(/\u001B\[\d*[A-Z]|\n|\r|[^\u001B\n\r]+/g) ?? []) {
    if (part === "\n") lines[++row] ??= "";
    else if (part.endsWith("A") && part.startsWith("\u001B")) row -= Number(part.slice(2, -1));
    else if (part === "\u001B[J") lines.splice(row, lines.length, "");
    else if (part !== "\r" && part !== "\u001B[K") lines[row] = part;
  }
  return lines;
}

test("a terminal sees one block, redrawn in place and never cleared before it is", () => {
  const text = shown("tty", steps);
  expect(screen(text)).toEqual([
    "small on sim",
    "  canary                   ████████████████████████ done",
    "  1 s elapsed",
    "",
  ]);
  expect(text.indexOf("\u001B[J")).toBeGreaterThan(text.indexOf("elapsed"));
  expect(text.match(/small on sim/g)).toHaveLength(4);
});

test("a log hears of the beginning and the end, and of a run that was stopped", () => {
  expect(shown("plain", steps)).toBe(
    "small on sim: canary (1 of 1), starting; 0 ms elapsed\nsmall on sim: done; 1 s elapsed\n",
  );
  expect(shown("plain", [at(0, "starting"), at(700, "failed")])).toMatch(/small on sim: stopped; 700 ms elapsed\n$/);
});

test("a program gets one object per line, and every change of phase", () => {
  const lines = shown("json", steps).trimEnd().split("\n");
  const phases = lines.map((line) => (JSON.parse(line) as StudyProgress).runs[0]!.phase);
  expect(phases).toEqual(["starting", "running", "running", "done"]);
});

test("of very many runs a program hears now and then, and of the end", () => {
  const many = (elapsedMs: number, done: number): StudyProgress => {
    const runs = Array.from({ length: 60 }, (_, run) => at(0, run < done ? "done" : "waiting").runs[0]!);
    return { ...at(elapsedMs, "running"), runs, current: done };
  };
  const text = shown("json", [many(0, 0), many(10, 1), many(20, 2), many(600, 3), many(610, 60)]);
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as StudyProgress).elapsedMs),
  ).toEqual([0, 600, 610]);
});

test("quiet is quiet; auto is a block for a terminal and lines for everything else", () => {
  expect(shown("quiet", steps)).toBe("");
  expect(shown("auto", steps, true)).toBe(shown("tty", steps, true));
  expect(shown("auto", steps, false)).toBe(shown("plain", steps));
});

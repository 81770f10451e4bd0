// A located problem as people read it: place, code and message, the offending line, a caret, a hint.
import type { Problem } from "../model/problem.ts";

/** Longer lines are cut around the caret. */
const WIDTH = 120;

/** Several lines of text without a final newline. `line` is the offending line's text, or null where it is not at hand. */
export function printProblem(problem: Problem, line: string | null): string {
  const { place, severity, code, message, hint } = problem;
  const where = place === null ? "" : `${place.file}:${place.line}:${place.column} `;
  // What a process said last has lines of its own; what stands in a file is quoted in one.
  const [first = "", ...further] = place === null ? message.split("\n") : [message];
  const lines = [`${where}${severity} ${code}: ${first}`, ...further.map((each) => `      ${each}`)];
  if (place !== null && line !== null) {
    const gutter = `${place.line}`.padStart(5);
    const { text, column } = excerpt(line, place.column - 1);
    const length = Math.max(1, Math.min(place.length, text.length - column));
    lines.push(`${gutter} | ${text}`, `${" ".repeat(gutter.length)} | ${" ".repeat(column)}${"^".repeat(length)}`);
  }
  if (hint !== null) lines.push(`      hint: ${hint}`);
  return lines.map(printable).join("\n");
}

/** The part of a long line around the caret, one character wide per character. */
function excerpt(line: string, column: number): { text: string; column: number } {
  if (line.length <= WIDTH) return { text: line, column };
  const from = Math.max(0, Math.min(column - 20, line.length - WIDTH));
  const text = line.slice(from, from + WIDTH);
  return { text: `${from > 0 ? "…" : " "}${text}${from + WIDTH < line.length ? "…" : ""}`, column: column - from + 1 };
}

/** Files may hold anything; a terminal must not obey it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === "\t" ? " " : "\uFFFD",
  );
}

// Problems as the command line prints them: each with its line of the file, then a line that counts them.
import { readFileSync, statSync } from "node:fs";
import { printProblem } from "../language/print-problem.ts";
import type { Problem } from "../model/problem.ts";

/** Larger files are not read again for the sake of an excerpt: the language refuses them anyway. */
const LARGEST_FILE = 1 << 20;

/** Text with a final newline; empty where there is no problem. */
export function problemsText(problems: readonly Problem[]): string {
  if (problems.length === 0) return "";
  const sources = new Map<string, readonly string[]>();
  const blocks = problems.map((problem) => printProblem(problem, lineOf(problem, sources)));
  return `${[...blocks, summary(problems)].join("\n\n")}\n`;
}

function lineOf({ place }: Problem, sources: Map<string, readonly string[]>): string | null {
  if (place === null) return null;
  if (!sources.has(place.file)) sources.set(place.file, linesOf(place.file));
  return sources.get(place.file)![place.line - 1] ?? null;
}

function linesOf(file: string): readonly string[] {
  try {
    return statSync(file).size > LARGEST_FILE ? [] : readFileSync(file, "utf8").split(/\r?\n/);
  } catch {
    // The file is the problem itself: its name alone must do.
    return [];
  }
}

function summary(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  return [
    ...(errors === 0 ? [] : [counted(errors, "error")]),
    ...(warnings === 0 ? [] : [counted(warnings, "warning")]),
  ].join(", ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

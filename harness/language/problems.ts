// All problems of one load, each once, in the order of the files.
import type { Place, Problem } from "../model/problem.ts";

/** More than this are counted, not kept: one slip at the top of a large file is enough to read. */
const KEPT = 200;

export class Problems {
  readonly #found = new Map<string, Problem>();
  readonly #files: string[] = [];
  #isOverflowing = false;

  error(code: string, place: Place | null, message: string, hint: string | null = null): void {
    this.#add({ code, severity: "error", message, hint, place });
  }

  warning(code: string, place: Place | null, message: string, hint: string | null = null): void {
    this.#add({ code, severity: "warning", message, hint, place });
  }

  /** Files are listed in the order in which they were read. */
  reads(file: string): void {
    if (!this.#files.includes(file)) this.#files.push(file);
  }

  get hasErrors(): boolean {
    return [...this.#found.values()].some((problem) => problem.severity === "error");
  }

  /** In order of file, line and column; with `strict`, warnings are errors. */
  list(strict: boolean): Problem[] {
    const problems = [...this.#found.values()].sort((a, b) => this.#compare(a.place, b.place));
    if (this.#isOverflowing) problems.push(overflow);
    return strict ? problems.map((problem) => ({ ...problem, severity: "error" as const })) : problems;
  }

  #add(problem: Problem): void {
    const { place } = problem;
    const key =
      place === null
        ? problem.message
        : `${place.file}:${place.line}:${place.column}:${problem.code}:${problem.message}`;
    if (this.#found.has(key)) return;
    if (this.#found.size < KEPT) this.#found.set(key, problem);
    else this.#isOverflowing = true;
  }

  #compare(a: Place | null, b: Place | null): number {
    if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
    return this.#files.indexOf(a.file) - this.#files.indexOf(b.file) || a.line - b.line || a.column - b.column;
  }
}

const overflow: Problem = {
  code: "too-many-problems",
  severity: "error",
  message: `more than ${KEPT} problems; the rest are not shown`,
  hint: null,
  place: null,
};

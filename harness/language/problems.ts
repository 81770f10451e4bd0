// All problems of one load, each once, in the order of the files.
import type { Place, Problem } from "../model/problem.ts";

/** More errors (or warnings) than this are not kept: one slip at the top of a large file is enough to read. */
const KEPT = 200;

export class Problems {
  readonly #errors: Problem[] = [];
  readonly #warnings: Problem[] = [];
  readonly #seen = new Set<string>();
  /** The code of the first error at a place: other errors there mostly follow from it. */
  readonly #firstCode = new Map<string, string>();
  readonly #files: string[] = [];
  readonly #leftOut = new Set<string>();
  readonly #accepted = new Set<string>();

  error(code: string, place: Place | null, message: string, hint: string | null = null): void {
    const at = textOf(place);
    const first = this.#firstCode.get(at) ?? code;
    if (place !== null) this.#firstCode.set(at, first);
    if (first === code) this.#add(this.#errors, { code, severity: "error", message, hint, place });
  }

  warning(code: string, place: Place | null, message: string, hint: string | null = null): void {
    this.#add(this.#warnings, { code, severity: "warning", message, hint, place });
  }

  /** Files are listed in the order in which they were read. */
  reads(file: string): void {
    if (!this.#files.includes(file)) this.#files.push(file);
  }

  /** Parts that do not fit their schema are left out of what is looked at further; these are their names. */
  leaveOut(names: readonly string[]): void {
    for (const name of names) this.#leftOut.add(name);
  }

  isLeftOut(name: string): boolean {
    return this.#leftOut.has(name);
  }

  /** Whether nothing was left out, so that what is missing is missing in the file. */
  get isWhole(): boolean {
    return this.#leftOut.size === 0;
  }

  /** Warnings of this code stay warnings with `strict`. */
  accept(code: string): void {
    this.#accepted.add(code);
  }

  get hasErrors(): boolean {
    return this.#errors.length > 0;
  }

  /** Whether the files may not be used; with `strict`, warnings that nobody accepted are errors. */
  isRefused(strict: boolean): boolean {
    return this.hasErrors || (strict && this.#warnings.some(({ code }) => !this.#accepted.has(code)));
  }

  /** In order of file, line and column; with `strict`, warnings that nobody accepted are errors. */
  list(strict: boolean): Problem[] {
    const all = [...shortened(this.#errors), ...shortened(this.#warnings)].sort((a, b) =>
      this.#compare(a.place, b.place),
    );
    if (!strict) return all;
    return all.map((problem) => (this.#accepted.has(problem.code) ? problem : { ...problem, severity: "error" }));
  }

  #add(list: Problem[], problem: Problem): void {
    const key = `${textOf(problem.place)} ${problem.code} ${problem.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (list.length <= KEPT) list.push(problem);
  }

  /** What has no place comes last. */
  #compare(a: Place | null, b: Place | null): number {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return this.#files.indexOf(a.file) - this.#files.indexOf(b.file) || a.line - b.line || a.column - b.column;
  }
}

function textOf(place: Place | null): string {
  return place === null ? "" : `${place.file}:${place.line}:${place.column}`;
}

function shortened(problems: readonly Problem[]): Problem[] {
  const [first] = problems;
  if (first === undefined || problems.length <= KEPT) return [...problems];
  const message = `there are more than ${KEPT} ${first.severity}s; the rest are not shown`;
  return [
    ...problems.slice(0, KEPT),
    { code: "too-many-problems", severity: first.severity, message, hint: null, place: null },
  ];
}

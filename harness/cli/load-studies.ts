// Reads every scenario before anything runs: all problems of all files at once, or studies that are fit to run.
import { loadStudy } from "../language/load-study.ts";
import type { Loaded, LoadOptions } from "../language/load-study.ts";
import type { Study } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { BadInput } from "./bad-input.ts";
import { inputFiles } from "./input-files.ts";
import { problemsText } from "./problem-text.ts";
import type { StudyOptions } from "./study-options.ts";

/** Throws BadInput with all problems where there is an error; warnings alone are printed to stderr. */
export async function loadStudies(patterns: readonly string[], options: StudyOptions): Promise<Study[]> {
  const loaded = (await inputFiles(patterns)).map((file) => ({ file, ...loadSized(file, options) }));
  refuseErrors(loaded);
  return loaded.flatMap(({ study }) => study ?? []);
}

/** What files share, such as a topology, is complained of once. Throws and prints as `loadStudies` does. */
export function refuseErrors(
  loaded: readonly { readonly file: string; readonly problems: readonly Problem[] }[],
): void {
  const all = loaded.flatMap(({ file, problems: own }) => own.map((problem) => named(problem, file)));
  const problems = [...new Map(all.map((problem) => [JSON.stringify(problem), problem])).values()];
  if (problems.some(({ severity }) => severity === "error")) throw new BadInput(problems);
  process.stderr.write(problemsText(problems));
}

/** A problem of the whole file, such as a strategy that it does not have, must still say which file. */
function named(problem: Problem, file: string): Problem {
  return problem.place === null ? { ...problem, message: `${file}: ${problem.message}` } : problem;
}

/** The same file at another size, which an earlier load has shown to be sound. */
export function loadAt(file: string, options: StudyOptions, size: LoadOptions["size"]): Loaded {
  return loadStudy(file, loadOptions(options, size));
}

/** What the command line says to the language; `size` null: as the file says. */
export function loadOptions(options: StudyOptions, size: LoadOptions["size"]): LoadOptions {
  return {
    vars: options.var,
    seed: options.seed ?? null,
    strategies: options.strategy.length === 0 ? null : [...options.strategy],
    engine: options.engine,
    size,
    strict: options.strict,
  };
}

/** Where only one of scale and compress is given, the other stays the scenario's own for this engine. */
export function loadSized(file: string, options: StudyOptions): Loaded {
  const { scale, compress } = options;
  if (scale !== undefined && compress !== undefined) return loadAt(file, options, { scale, compress });
  const own = loadAt(file, options, null);
  if (scale === undefined && compress === undefined) return own;
  const plan = own.study?.variants[0]?.plan;
  return loadAt(file, options, { scale: scale ?? plan?.scale ?? 1, compress: compress ?? plan?.compress ?? 1 });
}

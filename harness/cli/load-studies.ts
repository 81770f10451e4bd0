// Reads every scenario before anything runs: all problems of all files at once, or studies that are fit to run.
import { loadStudy } from "../language/load-study.ts";
import type { Study } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { BadInput } from "./bad-input.ts";
import { inputFiles } from "./input-files.ts";
import { problemsText } from "./problem-text.ts";
import type { StudyOptions } from "./study-options.ts";

/** Throws BadInput with all problems where there is an error; warnings alone are printed to stderr. */
export async function loadStudies(patterns: readonly string[], options: StudyOptions): Promise<Study[]> {
  const studies: Study[] = [];
  const problems: Problem[] = [];
  for (const file of await inputFiles(patterns)) {
    const loaded = loadSized(file, options);
    problems.push(...loaded.problems.map((problem) => named(problem, file)));
    if (loaded.study !== null) studies.push(loaded.study);
  }
  if (problems.some(({ severity }) => severity === "error")) throw new BadInput(problems);
  process.stderr.write(problemsText(problems));
  return studies;
}

/** A problem of the whole file, such as a strategy that it does not have, must still say which file. */
function named(problem: Problem, file: string): Problem {
  return problem.place === null ? { ...problem, message: `${file}: ${problem.message}` } : problem;
}

/** The same file at another size, which an earlier load has shown to be sound. */
export function loadAt(
  file: string,
  options: StudyOptions,
  size: { readonly scale: number; readonly compress: number },
): ReturnType<typeof loadStudy> {
  return loadStudy(file, {
    vars: options.var,
    seed: options.seed ?? null,
    strategies: options.strategy.length === 0 ? null : [...options.strategy],
    engine: options.engine,
    size,
    strict: options.strict,
  });
}

/** Where only one of scale and compress is given, the other stays the scenario's own for this engine. */
function loadSized(file: string, options: StudyOptions): ReturnType<typeof loadStudy> {
  const { scale, compress } = options;
  const common = {
    vars: options.var,
    seed: options.seed ?? null,
    strategies: options.strategy.length === 0 ? null : [...options.strategy],
    engine: options.engine,
    strict: options.strict,
  };
  const own = scale !== undefined && compress !== undefined ? null : loadStudy(file, { ...common, size: null });
  if (scale === undefined && compress === undefined) return own!;
  const plan = own?.study?.variants[0]?.plan;
  return loadStudy(file, {
    ...common,
    size: { scale: scale ?? plan?.scale ?? 1, compress: compress ?? plan?.compress ?? 1 },
  });
}

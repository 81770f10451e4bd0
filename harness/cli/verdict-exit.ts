// The exit code that a study's result asks for.
import { EXIT } from "../core/codes.ts";
import type { Result } from "../verdict/result.ts";
import type { StudyRun } from "../study/run-study.ts";
import { ending } from "./exit.ts";
import type { ExitCode } from "./exit.ts";

/** A failed verdict counts more than one that could not be given. */
export function verdictExit(result: Result): ExitCode {
  if (result.passed) return EXIT.passed;
  const failed = result.variants.filter(({ passed }) => !passed);
  const isUnjudged =
    failed.every(({ outcome }) => outcome === "invalid" || outcome === "notExercised") &&
    result.checks.every(({ passed }) => passed);
  return isUnjudged ? EXIT.notJudged : EXIT.failed;
}

/** A bug of ours counts more than any verdict: what was judged may be wrong as well. */
export function studyExit({ result, failure }: StudyRun): ExitCode {
  if (failure !== null && ending(failure).code === EXIT.bug) return EXIT.bug;
  const code = result === null ? EXIT.passed : verdictExit(result);
  return code === EXIT.passed && (failure !== null || result === null) ? EXIT.notJudged : code;
}

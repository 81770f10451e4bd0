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
  const failed = failure === null ? null : ending(failure).code;
  if (failed === EXIT.bug) return EXIT.bug;
  if (result === null) return failed ?? EXIT.notJudged;
  const code = verdictExit(result);
  return code === EXIT.passed ? (failed ?? code) : code;
}

// The one place that turns whatever ended a command into text and an exit code.
import { CommanderError } from "commander";
import { AssertionError } from "../core/assert.ts";
import { CODES, EXIT } from "../core/codes.ts";
import type { Code } from "../core/codes.ts";
import { EngineFailure } from "../engine/engine.ts";
import { RecordingFailure } from "../recording/recording-failure.ts";
import { BadInput } from "./bad-input.ts";
import { problemsText } from "./problem-text.ts";

const BUG: Code = "internal-error";

/** Those of the table, and the shell's own for SIGINT and SIGTERM. */
export const INTERRUPTED = 130;
export const TERMINATED = 143;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | typeof INTERRUPTED | typeof TERMINATED;

/** When several scenarios ran, the code that says most: an interruption, then doubt in the tool, then the verdicts. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  const doubts: readonly ExitCode[] = [TERMINATED, INTERRUPTED, EXIT.bug, EXIT.nondeterministic];
  const order = [...doubts, EXIT.failed, EXIT.notJudged];
  return order.find((code) => codes.includes(code)) ?? EXIT.passed;
}

/** Text for stderr (empty where all was said already) and the exit code. */
export function ending(error: unknown): { readonly text: string; readonly code: ExitCode } {
  if (error instanceof BadInput) return { text: problemsText(error.problems), code: EXIT.badInput };
  if (error instanceof CommanderError) {
    // Commander has printed its own message; help and version end with 0.
    return { text: "", code: error.exitCode === 0 ? EXIT.passed : EXIT.badInput };
  }
  if (isFailure(error)) return { text: failureText(error), code: exitOf(error.code) };
  if (isSystemError(error)) return { text: systemText(error), code: EXIT.notJudged };
  return { text: bugText(error), code: EXIT.bug };
}

/** A failure of the fleet or of the disk, as one problem. */
export function failureText({ code, message, hint }: EngineFailure | RecordingFailure): string {
  return problemsText([{ code, severity: "error", message, hint, place: null }]);
}

export function isFailure(error: unknown): error is EngineFailure | RecordingFailure {
  return error instanceof EngineFailure || error instanceof RecordingFailure;
}

function exitOf(code: string): ExitCode {
  return Object.hasOwn(CODES, code) ? CODES[code as Code].exit : EXIT.notJudged;
}

/** The operating system said no: a full disk, a folder that cannot be written. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && !(error instanceof AssertionError) && "syscall" in error && "code" in error;
}

export function systemText({ code, message }: NodeJS.ErrnoException): string {
  const what = code === "ENOSPC" ? `the disk is full: ${message}` : message;
  return problemsText([{ code: "not-writable", severity: "error", message: what, hint: null, place: null }]);
}

function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `error ${BUG}: Firebreak contradicted itself. This is a bug in Firebreak, not a mistake of yours.`,
    "Please report the lines below together with the files you ran:",
    `  node ${process.version} ${process.platform} ${process.arch}`,
    `  firebreak ${process.argv.slice(2).join(" ")}`,
    ...stack.split("\n").map((line) => `  ${line}`),
    "",
  ].join("\n");
}

// What passes between the process of a study and those of its runs: plans one way, what the judge sees of a run the
// other. A recording never does: it stays where it was made.
import { EngineFailure } from "../engine/engine.ts";
import type { RunProgress } from "../engine/engine.ts";
import type { RunEnd } from "../recording/recording.ts";
import { RecordingFailure } from "../recording/recording-failure.ts";
import type { CheckResult } from "../verdict/result.ts";
import type { Observation } from "../verdict/observation.ts";
import type { ObservedRun } from "../verdict/observer.ts";
import type { RunTask } from "./run-task.ts";

/** How a process comes to an engine: a module, and the name of the function in it that makes one. */
export interface EngineModule {
  readonly engine: "sim" | "live";
  readonly url: string;
  readonly makes: string;
}

export type Order =
  | { readonly do: "run"; readonly task: RunTask }
  /** Ends the run in progress early, and every later one. */
  | { readonly do: "stop" };

export type Answer =
  | { readonly did: "reached"; readonly progress: RunProgress }
  /** The run came to its end. "run" follows, and is long: while it is written the next order is on its way. */
  | { readonly did: "over"; readonly reason: RunEnd["reason"] }
  | { readonly did: "run"; readonly run: SentObservation; readonly checks: readonly CheckResult[] }
  | { readonly did: "fail"; readonly failure: SentFailure }
  /** The last that is heard of a process that met a bug. */
  | { readonly did: "trip"; readonly bug: SentBug };

/** Without the plan, which whoever asked for the run has. */
type SentObservation = Omit<Observation, "plan">;

interface SentFailure {
  readonly of: "engine" | "recording";
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

interface SentBug {
  readonly message: string;
  readonly stack: string | undefined;
}

export function packed({ run, checks }: ObservedRun): Answer {
  const { plan: _, ...rest } = run;
  return { did: "run", run: rest, checks };
}

export function unpacked({ run, checks }: Extract<Answer, { did: "run" }>, { plan }: RunTask): ObservedRun {
  return { run: { ...run, plan }, checks };
}

export function packedFailure({ code, message, hint, name }: EngineFailure | RecordingFailure): Answer {
  return { did: "fail", failure: { of: name === "EngineFailure" ? "engine" : "recording", code, message, hint } };
}

export function unpackedFailure({ of, code, message, hint }: SentFailure): EngineFailure | RecordingFailure {
  return of === "engine" ? new EngineFailure(code, message, hint) : new RecordingFailure(message, hint ?? "");
}

export function packedBug({ message, stack }: Error): SentBug {
  return { message, stack };
}

export function unpackedBug({ message, stack }: SentBug): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

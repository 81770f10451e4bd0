// The Engine port: a Plan goes in, a Recording comes out. Two implementations, sim and live.
import type { Plan } from "../model/plan.ts";
import type { RecordingSink, RunEnd } from "../recording/recording.ts";

export interface RunOptions {
  /** Aborting ends the run early; what was recorded stays, `RunEnd` says `interrupted`. */
  readonly signal: AbortSignal;
  /** Told the run time reached, at each closed bucket at the most; the engine waits for a promise, so that a long simulation can be interrupted. */
  readonly onProgress: (progress: RunProgress) => void | Promise<void>;
}

export interface RunProgress {
  readonly phase: "starting" | "running" | "stopping";
  readonly runMs: number;
  readonly endMs: number;
  /** One line for people: the last thing that happened. */
  readonly note: string | null;
}

export interface Engine {
  readonly name: "sim" | "live";
  /** Runs the plan into the sink and ends it. Rejects with an EngineFailure where the run could not be judged at all. */
  run(plan: Plan, sink: RecordingSink, options: RunOptions): Promise<RunEnd>;
}

/** The fleet did not start, or could not be kept: the run could not be judged (exit code 3). `code` is in core/codes.ts. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
  readonly code: string;
  readonly hint: string | null;

  /** By name: the bundled simulator has a class of its own. */
  static override [Symbol.hasInstance](value: unknown): value is EngineFailure {
    return value instanceof Error && value.name === "EngineFailure";
  }

  constructor(code: string, message: string, hint: string | null = null) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

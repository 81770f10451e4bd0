// How far a study has come: its runs, one after the other or side by side, and an honest guess at the time left.
import type { RunProgress } from "../engine/engine.ts";
import type { Outcome } from "../model/plan.ts";
import { Pace } from "./pace.ts";
import type { RunState } from "./run-state.ts";
import { isOver } from "./run-state.ts";

export interface StudyProgress {
  readonly scenario: string;
  readonly engine: "sim" | "live";
  readonly runs: readonly RunState[];
  /** Index of the first run that is not over; the number of runs when all are. */
  readonly current: number;
  /** Wall time since the study began. */
  readonly elapsedMs: number;
  /** Wall time left, guessed from the pace so far; null while there is too little to go by. */
  readonly remainingMs: number | null;
  /** The last thing that happened, in one line. */
  readonly note: string | null;
}

/** Nobody looks more often than this: runs that only come farther are told of at most so often, in wall time. */
const TELL_EVERY_MS = 50;

/** Follows the runs of one study and tells a listener of every change. */
export class ProgressTracker {
  readonly #scenario: string;
  readonly #engine: "sim" | "live";
  readonly #runs: RunState[];
  readonly #listener: (progress: StudyProgress) => void;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  readonly #pace: Pace;
  #note: string | null = null;
  #toldMs = -Infinity;

  /** `atOnce`: so many runs side by side. `nowMs` is the wall clock, in milliseconds from anywhere. */
  constructor(
    scenario: string,
    { engine, size: atOnce }: { readonly engine: "sim" | "live"; readonly size: number },
    runs: readonly Pick<RunState, "name" | "seed" | "endMs">[],
    nowMs: () => number,
    listener: (progress: StudyProgress) => void,
  ) {
    this.#scenario = scenario;
    this.#engine = engine;
    this.#runs = runs.map(({ name, seed, endMs }) => ({
      name,
      seed,
      endMs,
      phase: "waiting",
      runMs: 0,
      outcome: null,
    }));
    this.#pace = new Pace(atOnce, runs.length);
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
    this.#listener = listener;
  }

  begin(run: number): void {
    this.#change(run, { phase: "starting" });
  }

  reached(run: number, { phase, runMs, note }: RunProgress): void {
    this.#note = note ?? this.#note;
    this.#change(run, { phase, runMs });
  }

  end(run: number, phase: "done" | "failed"): void {
    this.#change(run, phase === "done" ? { phase, runMs: this.#runs[run]!.endMs } : { phase });
  }

  /** By run; runs without a verdict (controls) are left out. */
  judged(outcomes: ReadonlyMap<number, Outcome>): void {
    for (const [run, outcome] of outcomes) this.#runs[run] = { ...this.#runs[run]!, outcome };
    this.#tell(this.#nowMs() - this.#startedMs);
  }

  #change(run: number, change: Partial<RunState>): void {
    const elapsedMs = this.#nowMs() - this.#startedMs;
    const before = this.#runs[run]!;
    const now = { ...before, ...change };
    this.#runs[run] = now;
    this.#pace.spent(run, before, now, elapsedMs);
    if (now.phase !== before.phase || elapsedMs - this.#toldMs >= TELL_EVERY_MS) this.#tell(elapsedMs);
  }

  #tell(elapsedMs: number): void {
    this.#toldMs = elapsedMs;
    const current = this.#runs.findIndex((run) => !isOver(run));
    this.#listener({
      scenario: this.#scenario,
      engine: this.#engine,
      runs: [...this.#runs],
      current: current < 0 ? this.#runs.length : current,
      elapsedMs,
      remainingMs: this.#pace.remainingMs(this.#runs),
      note: this.#note,
    });
  }
}

// How far a study has come: its runs one after the other, and an honest guess at the time that is left.
import type { RunProgress } from "../engine/engine.ts";
import type { Outcome } from "../model/plan.ts";

export interface StudyProgress {
  readonly scenario: string;
  readonly engine: "sim" | "live";
  readonly runs: readonly RunState[];
  /** Index of the run in progress or ended last; the number of runs when all are over. */
  readonly current: number;
  /** Wall time since the study began. */
  readonly elapsedMs: number;
  /** Wall time left, guessed from the pace so far; null while there is too little to go by. */
  readonly remainingMs: number | null;
  /** The last thing that happened, in one line. */
  readonly note: string | null;
}

export interface RunState {
  /** The strategy, `control` for a control run, or the scenario's name where it has no strategies. */
  readonly name: string;
  readonly phase: "waiting" | "starting" | "running" | "stopping" | "done" | "failed";
  /** Run time reached, and where it ends. */
  readonly runMs: number;
  readonly endMs: number;
  /** Known when the run was judged. */
  readonly outcome: Outcome | null;
}

/** No guess before this much wall time of running and this share of the work. */
const GUESS_AFTER_MS = 500;
const GUESS_AFTER_SHARE = 0.02;

/** Follows the runs of one study and tells a listener of every change. */
export class ProgressTracker {
  readonly #scenario: string;
  readonly #engine: "sim" | "live";
  readonly #runs: RunState[];
  readonly #listener: (progress: StudyProgress) => void;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  readonly #pace = new Pace();
  #current = 0;
  #note: string | null = null;

  /** `nowMs` is the wall clock, in milliseconds from anywhere. */
  constructor(
    scenario: string,
    engine: "sim" | "live",
    runs: readonly { readonly name: string; readonly endMs: number }[],
    nowMs: () => number,
    listener: (progress: StudyProgress) => void,
  ) {
    this.#scenario = scenario;
    this.#engine = engine;
    this.#runs = runs.map(({ name, endMs }) => ({
      name,
      endMs,
      phase: "waiting",
      runMs: 0,
      outcome: null,
    }));
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
    this.#listener = listener;
  }

  begin(run: number): void {
    this.#current = run;
    this.#change(run, { phase: "starting" });
  }

  reached(run: number, { phase, runMs, note }: RunProgress): void {
    this.#note = note ?? this.#note;
    this.#change(run, { phase, runMs });
  }

  end(run: number, phase: "done" | "failed"): void {
    if (run === this.#runs.length - 1) this.#current = this.#runs.length;
    this.#change(run, phase === "done" ? { phase, runMs: this.#runs[run]!.endMs } : { phase });
  }

  /** By run; runs without a verdict (controls) are left out. */
  judged(outcomes: ReadonlyMap<number, Outcome>): void {
    for (const [run, outcome] of outcomes) this.#runs[run] = { ...this.#runs[run]!, outcome };
    this.#tell();
  }

  #change(run: number, change: Partial<RunState>): void {
    // What passed since the last change was spent in the phase that ends or goes on now.
    this.#pace.spent(this.#runs[run]!.phase, this.#nowMs() - this.#startedMs);
    this.#runs[run] = { ...this.#runs[run]!, ...change };
    this.#tell();
  }

  #tell(): void {
    const elapsedMs = this.#nowMs() - this.#startedMs;
    this.#listener({
      scenario: this.#scenario,
      engine: this.#engine,
      runs: [...this.#runs],
      current: this.#current,
      elapsedMs,
      remainingMs: this.#pace.remainingMs(this.#runs, elapsedMs),
      note: this.#note,
    });
  }
}

/** Wall time per modelled time, start-up and stopping apart: they cost the same however long a run is. */
class Pace {
  #toldMs = 0;
  #runningMs = 0;

  spent(phase: RunState["phase"], elapsedMs: number): void {
    if (phase === "running") this.#runningMs += elapsedMs - this.#toldMs;
    this.#toldMs = elapsedMs;
  }

  remainingMs(runs: readonly RunState[], elapsedMs: number): number | null {
    const isOver = ({ phase }: RunState): boolean => phase === "done" || phase === "failed";
    const ranMs = runs.reduce((sum, { runMs }) => sum + runMs, 0);
    const leftMs = runs.reduce((sum, run) => sum + (isOver(run) ? 0 : Math.max(0, run.endMs - run.runMs)), 0);
    if (leftMs === 0) return 0;
    if (this.#runningMs < GUESS_AFTER_MS || ranMs < (ranMs + leftMs) * GUESS_AFTER_SHARE) return null;
    const waiting = runs.filter(({ phase }) => phase === "waiting").length;
    const overheadMs = (elapsedMs - this.#runningMs) / (runs.length - waiting);
    return (this.#runningMs * leftMs) / ranMs + overheadMs * waiting;
  }
}

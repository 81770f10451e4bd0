// How long will the rest take? Wall time per modelled time so far, of each strategy apart where it has run before,
// and the runs that are left dealt out to the processes as the study will deal them.
import type { RunState } from "./run-state.ts";

type Reached = Pick<RunState, "name" | "phase" | "runMs" | "endMs">;

/** No guess before this much wall time of running and this share of the work. */
const GUESS_AFTER_MS = 500;
const GUESS_AFTER_SHARE = 0.02;

/** Wall time that was spent running, and how far the runs came in it. */
interface Spent {
  wallMs: number;
  runMs: number;
}

export class Pace {
  readonly #atOnce: number;
  /** By run: wall time up to which its time was counted. */
  readonly #countedMs: Float64Array;
  readonly #all: Spent = { wallMs: 0, runMs: 0 };
  readonly #byName = new Map<string, Spent>();
  /** Of all runs: starting and stopping, which cost the same however long a run is. */
  #overheadMs = 0;

  constructor(atOnce: number, runs: number) {
    this.#atOnce = atOnce;
    this.#countedMs = new Float64Array(runs);
  }

  /** What passed since the run's last change was spent in the phase that ends or goes on now. */
  spent(run: number, before: Reached, now: Reached, elapsedMs: number): void {
    const wallMs = before.phase === "waiting" ? 0 : elapsedMs - this.#countedMs[run]!;
    this.#countedMs[run] = elapsedMs;
    if (before.phase !== "running") {
      this.#overheadMs += wallMs;
      return;
    }
    const own = this.#byName.get(now.name) ?? { wallMs: 0, runMs: 0 };
    this.#byName.set(now.name, own);
    for (const spent of [this.#all, own]) {
      spent.wallMs += wallMs;
      spent.runMs += now.runMs - before.runMs;
    }
  }

  /** Wall time; null while there is too little to go by. */
  remainingMs(runs: readonly Reached[]): number | null {
    const left = runs.filter(({ phase }) => phase !== "done" && phase !== "failed");
    const leftMs = left.reduce((sum, { runMs, endMs }) => sum + Math.max(0, endMs - runMs), 0);
    if (leftMs === 0) return 0;
    const { wallMs, runMs } = this.#all;
    if (wallMs < GUESS_AFTER_MS || runMs < (runMs + leftMs) * GUESS_AFTER_SHARE) return null;
    const begun = runs.filter(({ phase }) => phase !== "waiting").length;
    const overheadMs = this.#overheadMs / Math.max(1, begun);
    const freeAtMs = new Float64Array(this.#atOnce);
    const isBegun = ({ phase }: Reached): boolean => phase !== "waiting";
    for (const run of [...left.filter(isBegun), ...left.filter((each) => !isBegun(each))]) {
      const next = freeAtMs.indexOf(freeAtMs.reduce((least, each) => Math.min(least, each)));
      freeAtMs[next]! += Math.max(0, run.endMs - run.runMs) * this.#paceOf(run.name);
      if (!isBegun(run)) freeAtMs[next]! += overheadMs;
    }
    return freeAtMs.reduce((most, each) => Math.max(most, each));
  }

  /** Wall time per modelled time: the strategy's own where it is known well enough, else that of all. */
  #paceOf(name: string): number {
    const own = this.#byName.get(name);
    const { wallMs, runMs } = own !== undefined && own.wallMs >= GUESS_AFTER_MS ? own : this.#all;
    return wallMs / runMs;
  }
}

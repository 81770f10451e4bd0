// Where one run of a study stands.
import type { Outcome } from "../model/plan.ts";

export interface RunState {
  /** Its folder: the strategy, or `run` where there are none; of a control run `_control`, of further ones `_control-2`, … */
  readonly name: string;
  readonly seed: number;
  readonly phase: "waiting" | "starting" | "running" | "stopping" | "done" | "failed";
  /** Run time reached, and where it ends. */
  readonly runMs: number;
  readonly endMs: number;
  /** Known when the run was judged. */
  readonly outcome: Outcome | null;
}

export function isOver({ phase }: RunState): boolean {
  return phase === "done" || phase === "failed";
}

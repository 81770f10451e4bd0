// What every rollout strategy is: a machine that is told the time and the fleet, and answers what to do next.
// It holds no timer: the conductor steps it when something changed and at `nextWakeup()`, until it asks for nothing.
import type { FleetView } from "./fleet-view.ts";

export type RolloutAction =
  | { readonly do: "start"; readonly variant: number; readonly zone: number }
  | { readonly do: "stop"; readonly instance: number }
  /** Share of traffic (0..100) for the new version; null = every instance counts alike. */
  | { readonly do: "weight"; readonly weight: number | null };

/**
 * Where a rollout stands. Each entered state is a new object. A failed gate leads to `held`, an inconclusive one
 * to `paused` for good, and so does a pause without an end: only a rollback leads out of either.
 */
export type RolloutState =
  | { readonly phase: "progressing"; readonly detail: string }
  /** Waiting with the new version in place; a non-null `analysis` (index into Plan.analyses) asks for its gate. */
  | { readonly phase: "baking"; readonly detail: string; readonly analysis: number | null }
  | { readonly phase: "paused"; readonly detail: string; readonly isForGood: boolean }
  | { readonly phase: "held"; readonly detail: string }
  | { readonly phase: "promoting"; readonly detail: string }
  | { readonly phase: "succeeded"; readonly detail: string }
  | { readonly phase: "rollingBack"; readonly detail: string }
  | { readonly phase: "rolledBack"; readonly detail: string };

export type GateResult = "passed" | "failed" | "inconclusive";

export interface RolloutMachine {
  readonly state: RolloutState;
  /**
   * What to do now. Level-triggered: what the fleet looks like decides, not what was asked before. At most one
   * change of state per step; step again until it neither answers an action nor changes its state.
   */
  step(nowMs: number, fleet: FleetView): readonly RolloutAction[];
  /** The gate that the state asked for has an answer. */
  judged(nowMs: number, result: GateResult): void;
  /** Back to the version that was there before; ignored when that is under way or done. */
  rollBack(nowMs: number, fleet: FleetView): void;
  /** When to step again though nothing happens; Infinity = never. */
  nextWakeup(): number;
}

/** What a rollout is about, fixed when it begins. */
export interface Release {
  /** Variant index of the version to bring in, and of the one that it replaces (and that a rollback restores). */
  readonly next: number;
  readonly base: number;
  /** Desired instances in each zone, by zone index. */
  readonly replicasPerZone: readonly number[];
  readonly zones: readonly string[];
  /** By index into Plan.analyses, for people. */
  readonly analysisNames: readonly string[];
  /** Plan.compress: divides the waits that are fixed here and not written in the Plan. */
  readonly compress: number;
}

/** The phases that a rollback is too late for. */
export function isRollingBack(state: RolloutState): boolean {
  return state.phase === "rollingBack" || state.phase === "rolledBack";
}

// What is aimed at, as ratios of our requests per CPU second to those of a peer in the same round.
import { LANES, PRIORITY_QUEUE, SIMJS, SIMPY, SIMSCRIPT } from "./contestants.ts";
import type { Race } from "./contestants.ts";

export interface Goal {
  readonly atLeast: number;
  /** Below this, something is wrong; null where there is only the goal. */
  readonly floor: number | null;
}

export const GOALS: Readonly<Record<Race, Readonly<Record<string, Goal>>>> = {
  mm1: { [LANES]: goal(0.3, 0.2), [SIMPY]: goal(40), [SIMJS]: goal(10), [SIMSCRIPT]: goal(150) },
  tandem: { [LANES]: goal(0.35, 0.25), [SIMPY]: goal(40), [SIMJS]: goal(10), [SIMSCRIPT]: goal(150) },
  graph20: { [LANES]: goal(0.45, 0.3), [PRIORITY_QUEUE]: goal(1), [SIMPY]: goal(80) },
};

function goal(atLeast: number, floor: number | null = null): Goal {
  return { atLeast, floor };
}

export type Standing = "held" | "below goal" | "below floor";

export function standingOf(ratio: number, { atLeast, floor }: Goal): Standing {
  if (floor !== null && ratio < floor) return "below floor";
  return ratio < atLeast ? "below goal" : "held";
}

/** Where less is better. */
export function atMost(value: number, limit: number): Standing {
  return value > limit ? "below goal" : "held";
}

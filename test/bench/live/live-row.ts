// One line of the live table: what was measured, against what aim.
import { atMost, standingOf } from "../goals.ts";
import type { Standing } from "../goals.ts";
import { spreadOf } from "../spread.ts";
import type { Spread } from "../spread.ts";

export interface LiveRow {
  readonly what: string;
  /** null: could not be measured; the note says why. */
  readonly measured: Spread | null;
  readonly unit: string;
  /** Empty where nothing is aimed at. */
  readonly goal: string;
  readonly standing: Standing | null;
  readonly note: string;
}

/** `within`: this far from 0 at most, on either side. */
type Aim = { readonly atLeast: number } | { readonly atMost: number } | { readonly within: number } | null;

/** `unit` is empty for ratios. */
export function rowOf(what: string, values: readonly number[], unit: string, aim: Aim, note = ""): LiveRow {
  const measured = spreadOf(values);
  if (aim === null) return { what, measured, unit, goal: "", standing: null, note };
  if ("atLeast" in aim) {
    const standing = standingOf(measured.median, { atLeast: aim.atLeast, floor: null });
    return { what, measured, unit, goal: `≥ ${aim.atLeast}`, standing, note };
  }
  if ("within" in aim) {
    const standing = atMost(Math.abs(measured.median), aim.within);
    return { what, measured, unit, goal: `± ${aim.within}`, standing, note };
  }
  const standing = atMost(measured.median, aim.atMost);
  return { what, measured, unit, goal: `≤ ${aim.atMost}`, standing, note };
}

export function missingRow(what: string, aim: string, why: string): LiveRow {
  return { what, measured: null, unit: "", goal: aim, standing: null, note: why };
}

// Shares of whole numbers, rounded to whole numbers: 30 % of 10 is 3, though the product of the doubles may lie a
// little beside it.

const ROUND_OFF = 1e-9;

/** `ratio` of `whole`, rounded up; both at least 0. */
export function ceilShare(ratio: number, whole: number): number {
  return Math.max(0, Math.ceil(ratio * whole - ROUND_OFF));
}

/** `ratio` of `whole`, rounded down. */
export function floorShare(ratio: number, whole: number): number {
  return Math.floor(ratio * whole + ROUND_OFF);
}

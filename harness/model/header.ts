// The headers that requests may carry beside what the engines need: each pair of a name and a value that a load sends has
// a bit, and a request carries the bits of those that it has. Calls carry them along.
export interface HeaderPlan {
  /** In lower case, as HTTP compares names. */
  readonly name: string;
  readonly value: string;
}

/** Pairs that one scenario may have: the bits of an int32 that are no sign. */
export const HEADER_LIMIT = 31;

/** Whether a request with the bits of `carried` has all of `wanted`. */
export function carries(carried: number, wanted: number): boolean {
  return (carried & wanted) === wanted;
}

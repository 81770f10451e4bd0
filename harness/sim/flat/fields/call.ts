// The integer fields of the call of an instance or a load, in the record of its present attempt. What they mean is said in
// policies/call-table.ts.

export const state = 12;
/** Its call policy, a handle of the policies. */
export const policy = 13;
/** A strand, or the journey of a load. */
export const owner = 14;
export const endpoint = 15;
export const callHigh = 35;
export const callLow = 36;
export const attempts = 37;
export const hasLeft = 38;
/** Grows whenever its timer is set, fires or is cancelled. */
export const timer = 39;
/** Its neighbours in the lane of its timer; `timerNext` is NONE where it is in none. */
export const timerNext = 40;
export const timerPrevious = 41;
export const timerOrder = 42;
/** Counts the calls of all callers. */
export const order = 43;

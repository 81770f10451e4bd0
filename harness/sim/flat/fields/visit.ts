// The integer fields of a visit, in its record: a request from the moment at which it leaves its caller until its answer
// has arrived there. What they mean is said in service/visits.ts.

export const state = 0;
/** Grows when the visit ends and when the record is freed: who speaks of an older one is ignored. */
export const serial = 1;
/** Address of the instance that it is for, NONE where that incarnation was dead already; and the instance's id. */
export const unit = 2;
export const instance = 3;
export const operation = 4;
export const keyHigh = 5;
export const keyLow = 6;
export const user = 7;
export const depth = 8;
/** Its neighbours in the line or among the messages under way, where it is at most in one. */
export const next = 9;
export const previous = 10;
export const messageOrder = 11;
/** A set of FLAG. */
export const flags = 25;
/** Strands that work or wait. */
export const active = 26;
/** Calls in progress. */
export const calls = 27;
/** The last of its further strands. */
export const lastStrand = 28;
export const slowService = 29;
export const slowOwnUs = 30;
/** Counts the arrivals at all instances. */
export const order = 31;
/** How it ended; of a finished call, how that ended. */
export const cause = 32;
export const originService = 33;
export const originCause = 34;

// The number fields of a call, in the record of its present attempt.

export const attemptStartMs = 2;
export const timerMs = 3;
export const callDueMs = 4;
export const ownDeadlineMs = 5;
/** Of a load's call: when its user meant to send it. */
export const intendedMs = 6;
export const backoffMs = 7;

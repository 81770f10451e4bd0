// The number fields of a call policy of one unit.

export const timeoutMs = 0;
export const attemptTimeoutMs = 1;
export const abandonedWaiting = 2;

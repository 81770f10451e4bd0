// The integer fields of a call policy of one unit.

export const unit = 0;
export const edge = 1;
/** First column of the edge's row. */
export const firstColumn = 2;
export const callee = 3;
export const maxAttempts = 4;
export const timerLane = 5;
export const lastOriginService = 6;
export const lastOriginCause = 7;
/** Whether a call of it may be tried again. */
export const hasRetries = 8;
export const hasBreaker = 9;
/** Whether its attempts go round robin over one group: where it goes on, and the endpoints there are. */
export const isRotating = 10;
export const cursor = 11;
export const firstEndpoint = 12;
export const endpoints = 13;

// How far a call is.

export const none = 0;
export const inFlight = 1;
export const backingOff = 2;
export const finished = 3;

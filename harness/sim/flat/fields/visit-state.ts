// Where a visit is.

export const none = 0;
export const travelling = 1;
export const arriving = 2;
export const queued = 3;
export const running = 4;
export const ended = 5;
export const abandonment = 6;

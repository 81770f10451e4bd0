// The number fields of a visit, in its record.

export const messageMs = 0;
export const deadlineMs = 1;
export const startMs = 8;
export const calledMs = 9;
export const callsSinceMs = 10;

// Fault columns.

/** Requests delayed or answered, or instances killed, paused or throttled. */
export const hits = 0;

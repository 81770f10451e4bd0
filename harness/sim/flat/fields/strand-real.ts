// The number fields of a strand, in its record.

export const timeMs = 11;
/** In the wheel: when it is done. */
export const dueMs = 12;

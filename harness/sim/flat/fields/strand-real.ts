// The number fields of a strand, in its record.

export const timeMs = 11;

// How far the life of an instance is.

export const starting = 0;
export const ready = 1;
export const stopping = 2;
export const drained = 3;

// What is true of a visit, as bits of its `flags`.

export const holdsWorker = 1;
export const isResuming = 2;
export const isAbandoned = 4;
export const isDegraded = 8;
export const isWrong = 16;

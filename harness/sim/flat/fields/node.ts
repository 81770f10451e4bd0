// The integer fields of a step, by its node. What they mean is said in service/program.ts.

export const kind = 0;
export const next = 1;
export const site = 2;
/** 1 where it is done with a probability below 1. */
export const isChance = 3;
export const call = 4;
export const operation = 5;
export const fallback = 6;
export const isOptional = 7;
/** 1 where its time is exponential. */
export const isExponential = 8;
/** What `mixState` makes the keys of its call, and the draw of its time, of. */
export const highState = 9;
export const lowState = 10;
export const bitsState = 11;

// The integer fields of a unit: an instance or a load, by address.

export const isAlive = 0;
/** −1 for a load. */
export const service = 1;
export const zone = 2;
export const instance = 3;
export const generation = 4;
/** Policies it has, and the handle of the first. */
export const policies = 5;
export const firstPolicy = 6;
/** Where its operations' entries begin, and whether any of its requests ends badly by itself. */
export const entries = 7;
export const hasErrors = 8;
export const workers = 9;
export const queueCapacity = 10;
export const isAsync = 11;
export const skipsUnbegun = 12;
export const stopsRunning = 13;
export const boundsCalls = 14;
export const phase = 15;
export const isStopping = 16;
export const inSystem = 18;
export const queued = 19;
export const busy = 20;
export const working = 21;
export const arrived = 22;
export const abandoned = 23;
export const abandonedOwn = 24;
export const wasted = 25;
/** Its row of the latencies, and the first column of its row of the tally's services. */
export const latencyRow = 26;
export const firstColumn = 27;
export const variant = 28;
/** The lists of new visits, and of those that want a worker back (async). */
export const line = 29;
export const resuming = 30;

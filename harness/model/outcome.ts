// What can become of a request: one closed list, shared by machines, recordings and reports.
// Machines pass outcomes as small integers (the index into CAUSES); everything printed uses the name.

/** Index 0 is success; every other entry is the cause of a bad outcome (design: verdict, "Signals"). */
export const CAUSES = [
  "ok",
  "error",
  "wrong",
  "slow",
  "timeout",
  "rejected(overload)",
  "rejected(rateLimit)",
  "shed",
  "circuitOpen",
  "bulkheadFull",
  "noHealthyHost",
  "connectionReset",
  "refused",
  "cancelled",
  "tooDeep",
] as const;

/** Number of entries of CAUSES, success included: the width of every per-cause block of columns. */
export const CAUSE_COUNT = CAUSES.length;

export const OK = 0;
export const ERROR = 1;
export const WRONG = 2;
export const SLOW = 3;
export const TIMEOUT = 4;
export const OVERLOAD = 5;
export const RATE_LIMIT = 6;
export const SHED = 7;
export const CIRCUIT_OPEN = 8;
export const BULKHEAD_FULL = 9;
export const NO_HEALTHY_HOST = 10;
export const CONNECTION_RESET = 11;
export const REFUSED = 12;
export const CANCELLED = 13;
export const TOO_DEEP = 14;

/** A call chain deeper than this is answered with `tooDeep`, so that circles of calls end. */
export const DEPTH_LIMIT = 32;

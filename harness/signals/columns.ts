// The columns of a bucket: what is counted, for which row. Every column is a sum, so buckets of several
// processes merge by addition, and windows are sums of buckets.
//
//   service row   one per (service, variant, zone)      seen at the server
//   edge row      one per Plan.edges entry               seen at the caller
//   journey row   one per (load, journey)                seen by the users
//   fault row     one per timeline fault                 what it really hit
//
// The columns of each are constants in a module of their own, which a bundler writes into the code that counts.
import * as EDGE from "./edge-columns.ts";
import * as FAULT from "./fault-columns.ts";
import * as JOURNEY from "./journey-columns.ts";
import * as SERVICE from "./service-columns.ts";

export { EDGE, FAULT, JOURNEY, SERVICE };

const CACHES = SERVICE.limitedMs + 1;

/** Service columns of caches. */
export const CACHE = {
  /** Requests that looked: the sum of what was found there and what was not. */
  lookups: CACHES,
  /** Answers found that were still good. */
  hits: CACHES + 1,
  /** Answers given for a failure although they were too old. */
  stale: CACHES + 2,
  /** Failures given at once because they were remembered. */
  negative: CACHES + 3,
  /** Requests that waited for the answer to another. */
  shared: CACHES + 4,
  /** Integral of entries, over all instances. */
  entriesMs: CACHES + 5,
} as const;

/** Service columns of logging. */
export const LOGGING = {
  /** Lines written, and lines dropped because too many were waiting. */
  written: CACHE.entriesMs + 1,
  dropped: CACHE.entriesMs + 2,
  /** Integral of lines that wait to be written. */
  pendingMs: CACHE.entriesMs + 3,
} as const;

/** Service columns of how instances live. */
export const LIFE = {
  /** Restarts because a startup or liveness probe failed. */
  unhealthy: LOGGING.pendingMs + 1,
  /** Integral of instances that serve and are not warm yet. */
  warmingMs: LOGGING.pendingMs + 2,
  /** Garbage collections begun, and the integral of instances that are at one. */
  collections: LOGGING.pendingMs + 3,
  collectingMs: LOGGING.pendingMs + 4,
} as const;
export const SERVICE_WIDTH = LIFE.collectingMs + 1;

export const EDGE_WIDTH = EDGE.connects + 1;

export const JOURNEY_WIDTH = JOURNEY.clientsMs + 1;

export const FAULT_WIDTH = 1;

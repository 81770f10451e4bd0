// The columns of a bucket: what is counted, for which row. Every column is a sum, so buckets of several
// processes merge by addition, and windows are sums of buckets.
//
//   service row   one per (service, variant, zone)      seen at the server
//   edge row      one per Plan.edges entry               seen at the caller
//   journey row   one per (load, journey)                seen by the users
//   fault row     one per timeline fault                 what it really hit
import { CAUSE_COUNT } from "../model/outcome.ts";

/** Service columns. Integrals are in instance-milliseconds over the bucket; divide by the bucket's length for a mean. */
export const SERVICE = {
  /** Requests that arrived (admitted or rejected). */
  arrived: 0,
  /** Requests that ended here, any outcome: the sum of the `outcome` block. */
  ended: 1,
  /** Successes with a missing optional part. */
  degraded: 2,
  /** Callers that gave up while the request was queued or worked on here (not waiting for a callee). */
  abandonedOwn: 3,
  /** Callers that gave up on a request of this row, wherever it then was. */
  abandoned: 4,
  /** Requests completed although their caller had given up. */
  wasted: 5,
  /** Sum of the latencies of completed requests (outcomes ok, error and wrong). */
  latencyMs: 6,
  /** Integral of the number in system (held at the door by a fault, queued, working or waiting for callees). */
  inSystemMs: 7,
  /** Integral of the number waiting for a worker for the first time. */
  queuedMs: 8,
  /** Sum of times in system, clipped to the bucket; equals inSystemMs, computed from each request's own start. */
  sojournMs: 9,
  /** Integral of workers held. */
  busyMs: 10,
  /** Integral of cores in use. */
  cpuMs: 11,
  /** Integral of workers there are (0 where unlimited), while ready. */
  workersMs: 12,
  /** Integral of cores there are (0 where unlimited), while ready. */
  coresMs: 13,
  /** Integral of ready instances. */
  readyMs: 14,
  crashes: 15,
  /** First of CAUSE_COUNT columns: requests ended, by outcome (index 0: ok). */
  outcome: 16,
  /** Integral of memory in use, and of its limit: MiB × ms; 0 where the service has none. */
  memoryMs: 16 + CAUSE_COUNT,
  memoryLimitMs: 17 + CAUSE_COUNT,
  /** Crashes for want of memory. */
  outOfMemory: 18 + CAUSE_COUNT,
  /** Integral of the concurrency limit (0 where there is none), and of the instances that have one. */
  limitMs: 19 + CAUSE_COUNT,
  limitedMs: 20 + CAUSE_COUNT,
} as const;

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
export const SERVICE_WIDTH = LOGGING.pendingMs + 1;

/** Edge columns, at the caller. */
export const EDGE = {
  /** Calls begun: requests first sent. */
  calls: 0,
  /** Attempts that left for an instance; one that a breaker refused, or that found no endpoint, is counted below only. */
  attempts: 1,
  /** Retries that a budget forbade. */
  retriesDenied: 2,
  /** The caller's own requests that were given up while waiting for this callee. */
  abandonedWaiting: 3,
  /** Integral over the caller's machines of "breaker not closed", and of machines with a breaker. */
  breakerOpenMs: 4,
  breakersMs: 5,
  /** Sum of latencies of answered attempts. */
  latencyMs: 6,
  /** First of CAUSE_COUNT: calls ended, by outcome. */
  call: 7,
  /** First of CAUSE_COUNT: attempts ended whose failure originates in the callee itself (index 0: successes). */
  attemptOwn: 7 + CAUSE_COUNT,
  /** First of CAUSE_COUNT: attempts ended whose failure the callee only passed on. */
  attemptPassed: 7 + 2 * CAUSE_COUNT,
  /** Integral of attempts that wait in line for a permit of a bulkhead or limit. */
  waitingMs: 7 + 3 * CAUSE_COUNT,
  /** Integral over the caller's machines of the share that a throttle refuses, and of machines with a throttle. */
  throttledMs: 8 + 3 * CAUSE_COUNT,
  throttlesMs: 9 + 3 * CAUSE_COUNT,
  /** Of callers that detect outliers: integrals of endpoints ejected, and of all; of callers that ignore it, and of all. */
  ejectedMs: 10 + 3 * CAUSE_COUNT,
  endpointsMs: 11 + 3 * CAUSE_COUNT,
  panickingMs: 12 + 3 * CAUSE_COUNT,
  detectorsMs: 13 + 3 * CAUSE_COUNT,
  ejections: 14 + 3 * CAUSE_COUNT,
  /** Attempts of hedged calls that were begun although an earlier one was out. */
  hedges: 15 + 3 * CAUSE_COUNT,
  /** Of connection pools: integrals of connections open, of those in use, and of attempts that wait for one; those opened. */
  connectionsOpenMs: 16 + 3 * CAUSE_COUNT,
  connectionsInUseMs: 17 + 3 * CAUSE_COUNT,
  acquiringMs: 18 + 3 * CAUSE_COUNT,
  connects: 19 + 3 * CAUSE_COUNT,
} as const;
export const EDGE_WIDTH = EDGE.connects + 1;

/** Journey columns, at the user. */
export const JOURNEY = {
  /** Requests sent. */
  sent: 0,
  ended: 1,
  degraded: 2,
  /** Sum of latencies of completed requests (outcomes ok, slow, error and wrong), from the intended send time. */
  latencyMs: 3,
  /** Users of the load that were seen for the first time since the end of the warm-up. */
  newUsers: 4,
  /** First of CAUSE_COUNT: requests ended, by outcome; index 0 is good. */
  outcome: 5,
  /** On the row of the journey that begins a load's sessions: integrals of its clients with a session, and of all. */
  connectedMs: 5 + CAUSE_COUNT,
  clientsMs: 6 + CAUSE_COUNT,
} as const;
export const JOURNEY_WIDTH = JOURNEY.clientsMs + 1;

/** Fault columns. */
export const FAULT = {
  /** Requests delayed or answered, or instances killed, paused or throttled. */
  hits: 0,
} as const;
export const FAULT_WIDTH = 1;

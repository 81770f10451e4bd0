// Service columns. Integrals are in instance-milliseconds over the bucket; divide by the bucket's length for a mean.
import { CAUSE_COUNT } from "../model/outcome.ts";

/** Requests that arrived (admitted or rejected). */
export const arrived = 0;
/** Requests that ended here, any outcome: the sum of the `outcome` block. */
export const ended = 1;
/** Successes with a missing optional part. */
export const degraded = 2;
/** Callers that gave up while the request was queued or worked on here (not waiting for a callee). */
export const abandonedOwn = 3;
/** Callers that gave up on a request of this row, wherever it then was. */
export const abandoned = 4;
/** Requests completed although their caller had given up. */
export const wasted = 5;
/** Sum of the latencies of completed requests (outcomes ok, error and wrong). */
export const latencyMs = 6;
/** Integral of the number in system (held at the door by a fault, queued, working or waiting for callees). */
export const inSystemMs = 7;
/** Integral of the number waiting for a worker for the first time. */
export const queuedMs = 8;
/** Sum of times in system, clipped to the bucket; equals inSystemMs, computed from each request's own start. */
export const sojournMs = 9;
/** Integral of workers held. */
export const busyMs = 10;
/** Integral of cores in use. */
export const cpuMs = 11;
/** Integral of workers there are (0 where unlimited), while ready. */
export const workersMs = 12;
/** Integral of cores there are (0 where unlimited), while ready. */
export const coresMs = 13;
/** Integral of ready instances. */
export const readyMs = 14;
export const crashes = 15;
/** First of CAUSE_COUNT columns: requests ended, by outcome (index 0: ok). */
export const outcome = 16;
/** Integral of memory in use, and of its limit: MiB × ms; 0 where the service has none. */
export const memoryMs = 16 + CAUSE_COUNT;
export const memoryLimitMs = 17 + CAUSE_COUNT;
/** Crashes for want of memory. */
export const outOfMemory = 18 + CAUSE_COUNT;
/** Integral of the concurrency limit (0 where there is none), and of the instances that have one. */
export const limitMs = 19 + CAUSE_COUNT;
export const limitedMs = 20 + CAUSE_COUNT;

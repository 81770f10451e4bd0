// Edge columns, at the caller.
import { CAUSE_COUNT } from "../model/outcome.ts";

/** Calls begun: requests first sent. */
export const calls = 0;
/** Attempts that left for an instance; one that a breaker refused, or that found no endpoint, is counted below only. */
export const attempts = 1;
/** Retries that a budget forbade. */
export const retriesDenied = 2;
/** The caller's own requests that were given up while waiting for this callee. */
export const abandonedWaiting = 3;
/** Integral over the caller's machines of "breaker not closed", and of machines with a breaker. */
export const breakerOpenMs = 4;
export const breakersMs = 5;
/** Sum of latencies of answered attempts. */
export const latencyMs = 6;
/** First of CAUSE_COUNT: calls ended, by outcome. */
export const call = 7;
/** First of CAUSE_COUNT: attempts ended whose failure originates in the callee itself (index 0: successes). */
export const attemptOwn = 7 + CAUSE_COUNT;
/** First of CAUSE_COUNT: attempts ended whose failure the callee only passed on. */
export const attemptPassed = 7 + 2 * CAUSE_COUNT;
/** Integral of attempts that wait in line for a permit of a bulkhead or limit. */
export const waitingMs = 7 + 3 * CAUSE_COUNT;
/** Integral over the caller's machines of the share that a throttle refuses, and of machines with a throttle. */
export const throttledMs = 8 + 3 * CAUSE_COUNT;
export const throttlesMs = 9 + 3 * CAUSE_COUNT;
/** Of callers that detect outliers: integrals of endpoints ejected, and of all; of callers that ignore it, and of all. */
export const ejectedMs = 10 + 3 * CAUSE_COUNT;
export const endpointsMs = 11 + 3 * CAUSE_COUNT;
export const panickingMs = 12 + 3 * CAUSE_COUNT;
export const detectorsMs = 13 + 3 * CAUSE_COUNT;
export const ejections = 14 + 3 * CAUSE_COUNT;
/** Attempts of hedged calls that were begun although an earlier one was out. */
export const hedges = 15 + 3 * CAUSE_COUNT;
/** Of connection pools: integrals of connections open, of those in use, and of attempts that wait for one; those opened. */
export const connectionsOpenMs = 16 + 3 * CAUSE_COUNT;
export const connectionsInUseMs = 17 + 3 * CAUSE_COUNT;
export const acquiringMs = 18 + 3 * CAUSE_COUNT;
export const connects = 19 + 3 * CAUSE_COUNT;

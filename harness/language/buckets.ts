// How long a bucket is, and runs of whole buckets.
import type { Cursor } from "./cursor.ts";

const SECOND_MS = 1000;
const WEEK_MS = 7 * 24 * 3600 * SECOND_MS;

/**
 * A second; in a compressed run a quarter or half of one, the nearest that real reports allow to a rehearsed second.
 * Alerts and gates decide when a bucket has closed: in whole seconds at `compress: 30` they would be half a rehearsed
 * minute apart, and two engines a hair's breadth apart could differ by as much.
 */
export function bucketMsOf(compress: number): number {
  return compress >= 4 ? 250 : compress >= 2 ? 500 : SECOND_MS;
}

/** Rounded up to whole buckets; a hair's breadth above one is round-off. */
export function wholeBuckets(ms: number, bucketMs: number): number {
  return Math.ceil(ms / bucketMs - 1e-6) * bucketMs;
}

/** `cursor` stands at the duration, which must be above 0 and end within a week. */
export function endOf(warmUpMs: number, durationMs: number, bucketMs: number, cursor: Cursor): number {
  const endMs = wholeBuckets(warmUpMs + durationMs, bucketMs);
  if (!(durationMs > 0)) cursor.error("out-of-range", "the duration must be above 0");
  if (endMs > WEEK_MS) cursor.error("over-limit", "a run may last a week at most");
  return endMs;
}

// The measurement windows of a run: 10 s of the real pace, counted from the end of the warm-up. A compressed
// run is judged in windows compressed as much, but never in less than a second: fewer requests would say less.
import type { Plan } from "../model/plan.ts";

export const WINDOW_MS = 10_000;
const LEAST_WINDOW_MS = 1_000;

export interface WindowGrid {
  /** Whole buckets: max(1 s, 10 s ÷ compress). */
  readonly windowMs: number;
  readonly bucketsPerWindow: number;
  /** Index of the first bucket that is measured. */
  readonly firstBucket: number;
  /** Of the whole plan; the last window may be shorter. */
  readonly windowCount: number;
}

export function windowGridOf(plan: Plan): WindowGrid {
  const windowMs = Math.max(LEAST_WINDOW_MS, WINDOW_MS / plan.compress);
  const bucketsPerWindow = Math.max(1, Math.round(windowMs / plan.bucketMs));
  // 1e-9 absorbs the round-off of compressed durations.
  const firstBucket = Math.ceil(plan.warmUpMs / plan.bucketMs - 1e-9);
  const buckets = Math.round(plan.endMs / plan.bucketMs) - firstBucket;
  return {
    windowMs: bucketsPerWindow * plan.bucketMs,
    bucketsPerWindow,
    firstBucket,
    windowCount: Math.max(0, Math.ceil(buckets / bucketsPerWindow)),
  };
}

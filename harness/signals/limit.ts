// A limit on a metric: whether a value breaks it, and how it reads. Gates and alerts share it.
import type { LimitPlan } from "../model/release-plan.ts";

/**
 * Whether `value` breaks the limit; null = it cannot be said, because the value (or, for a limit relative to the
 * stable version, that version's value) is not known. A value on the limit keeps it.
 */
export function isBroken(limit: LimitPlan, value: number | null, stable: number | null): boolean | null {
  if (value === null) return null;
  if (limit.relativeToStable && stable === null) return null;
  const unit = limit.relativeToStable ? stable! : 1;
  if (limit.atLeast !== null && value < limit.atLeast * unit) return true;
  return limit.atMost !== null && value > limit.atMost * unit;
}

/** `at least 0.99`, `at most 1.2 × stable`. */
export function describeLimit(limit: LimitPlan): string {
  const unit = limit.relativeToStable ? " × stable" : "";
  const parts = [
    ...(limit.atLeast === null ? [] : [`at least ${limit.atLeast}${unit}`]),
    ...(limit.atMost === null ? [] : [`at most ${limit.atMost}${unit}`]),
  ];
  return parts.join(" and ");
}

// Failed attempts at each service, second by second: only to say when, within a window, a failure began.
import { CANCELLED, CAUSE_COUNT, OK, SLOW } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import type { Bucket } from "../signals/bucket.ts";
import { EDGE } from "../signals/columns.ts";

/** By service: bucket index to count, only where there were any. */
export type BlameSeries = readonly Map<number, number>[];

export function emptyBlameSeries(plan: Plan): BlameSeries {
  return plan.services.map(() => new Map());
}

export function addToBlame(series: BlameSeries, bucket: Bucket, plan: Plan): void {
  for (const row of bucket.edges) {
    const { callee } = plan.edges[row[0]!]!;
    for (let at = 1; at < row.length; at += 2) {
      const cause = row[at]! - EDGE.attemptOwn;
      if (cause > OK && cause < CAUSE_COUNT && cause !== CANCELLED) count(series[callee]!, bucket.index, row[at + 1]!);
    }
  }
  for (const [, service, cause, requests] of bucket.origins) {
    if (cause === SLOW) count(series[service!]!, bucket.index, requests!);
  }
}

/** The first bucket of [from, to) by which more than `limit` attempts had failed at the service; null = not so many. */
export function firstAbove(
  series: BlameSeries,
  service: number,
  from: number,
  to: number,
  limit: number,
): number | null {
  let sum = 0;
  for (let bucket = from; bucket < to; bucket++) {
    sum += series[service]!.get(bucket) ?? 0;
    if (sum > limit) return bucket;
  }
  return null;
}

function count(counts: Map<number, number>, bucket: number, failed: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + failed);
}

// Requests that ended, and those that ended badly, per journey and bucket. Plain numbers, as all of an Observation.
import { assert } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { Bucket } from "../signals/bucket.ts";
import { JOURNEY } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";
import type { Counts } from "./excess.ts";

export interface JourneySeries {
  /** Numbers per bucket: two per journey. */
  readonly width: number;
  /** `[bucket × width + journey × 2]`: requests of that bucket, `+ 1`: bad ones. */
  readonly counts: Float64Array;
}

export function emptyJourneySeries(plan: Plan): JourneySeries {
  const width = plan.journeys.length * 2;
  return { width, counts: new Float64Array(width * Math.round(plan.endMs / plan.bucketMs)) };
}

/** Buckets beyond the plan's end count nothing. */
export function addToJourneys({ width, counts }: JourneySeries, bucket: Bucket, { journeyRows }: Layout): void {
  if (bucket.index * width >= counts.length) return;
  for (const row of bucket.journeys) {
    const at = bucket.index * width + journeyRows[row[0]!]!.journey * 2;
    for (let pair = 1; pair < row.length; pair += 2) {
      const column = row[pair]!;
      if (column === JOURNEY.ended) counts[at]! += row[pair + 1]!;
      else if (column > JOURNEY.outcome) counts[at + 1]! += row[pair + 1]!;
    }
  }
}

/** Over the buckets [from, to); what lies outside the run counts nothing. */
export function journeyCounts({ width, counts }: JourneySeries, journey: number, from: number, to: number): Counts {
  assert(journey * 2 < width, "the journey exists");
  let requests = 0;
  let bad = 0;
  for (let bucket = Math.max(0, from); bucket < Math.min(to, counts.length / width); bucket++) {
    requests += counts[bucket * width + journey * 2]!;
    bad += counts[bucket * width + journey * 2 + 1]!;
  }
  return { requests, bad };
}

// Requests that were sent, those that ended, and those that ended badly, per journey and bucket. Plain numbers, as all
// of an Observation.
import { assert } from "../core/assert.ts";
import { CAUSE_COUNT, OK } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import type { Bucket } from "../signals/bucket.ts";
import { JOURNEY } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";
import type { Counts } from "./excess.ts";

export interface JourneySeries {
  /** Numbers per bucket: three per journey. */
  readonly width: number;
  /** `[bucket × width + journey × 3]`: requests of that bucket that ended, `+ 1`: bad ones, `+ 2`: those sent. */
  readonly counts: Float64Array;
}

export interface JourneyCounts extends Counts {
  readonly sent: number;
}

const PER_JOURNEY = 3;
const BAD = 1;
const SENT = 2;

export function emptyJourneySeries(plan: Plan): JourneySeries {
  const width = plan.journeys.length * PER_JOURNEY;
  return { width, counts: new Float64Array(width * Math.round(plan.endMs / plan.bucketMs)) };
}

/** Buckets beyond the plan's end count nothing. */
export function addToJourneys({ width, counts }: JourneySeries, bucket: Bucket, { journeyRows }: Layout): void {
  if (bucket.index * width >= counts.length) return;
  for (const row of bucket.journeys) {
    const at = bucket.index * width + journeyRows[row[0]!]!.journey * PER_JOURNEY;
    for (let pair = 1; pair < row.length; pair += 2) {
      const column = row[pair]!;
      if (column === JOURNEY.sent) counts[at + SENT]! += row[pair + 1]!;
      else if (column === JOURNEY.ended) counts[at]! += row[pair + 1]!;
      else if (isBad(column)) counts[at + BAD]! += row[pair + 1]!;
    }
  }
}

/** Other columns stand behind the outcomes. */
function isBad(column: number): boolean {
  return column > JOURNEY.outcome + OK && column < JOURNEY.outcome + CAUSE_COUNT;
}

/** Over the buckets [from, to); what lies outside the run counts nothing. */
export function journeyCounts({ width, counts }: JourneySeries, journey: number, from: number, to: number): Counts {
  assert(journey * PER_JOURNEY < width, "the journey exists");
  let requests = 0;
  let bad = 0;
  for (let bucket = Math.max(0, from); bucket < Math.min(to, counts.length / width); bucket++) {
    requests += counts[bucket * width + journey * PER_JOURNEY]!;
    bad += counts[bucket * width + journey * PER_JOURNEY + BAD]!;
  }
  return { requests, bad };
}

/** The same for many stretches of one run: sums from its beginning, subtracted. */
export function journeySums({
  width,
  counts,
}: JourneySeries): (journey: number, from: number, to: number) => JourneyCounts {
  const buckets = counts.length / width;
  const sums = new Float64Array(counts.length + width);
  counts.forEach((count, at) => (sums[at + width] = sums[at]! + count));
  return (journey, from, to) => {
    assert(journey * PER_JOURNEY < width, "the journey exists");
    const low = Math.min(buckets, Math.max(0, from)) * width + journey * PER_JOURNEY;
    const high = Math.min(buckets, Math.max(0, from, to)) * width + journey * PER_JOURNEY;
    const between = (column: number): number => sums[high + column]! - sums[low + column]!;
    return { requests: between(0), bad: between(BAD), sent: between(SENT) };
  };
}

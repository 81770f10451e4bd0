// When users were well again after the trigger had gone: the first full window, at any bucket, in which every
// journey is inside its objective or no worse than the control. Few requests are no proof of health: such a window is
// lengthened until it could show a failure.
import type { Comparison } from "./comparison.ts";
import { badRatio, isExcess, LEAST_EXCESS_REQUESTS } from "./excess.ts";
import type { Impact } from "./impact.ts";
import { allowancesOf } from "./impact.ts";
import { journeyCounts, journeySums } from "./journey-series.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";

export interface Recovery {
  /** Run time at which that window begins; null where there is none, or where a journey was impacted again at the end. */
  readonly atMs: number | null;
}

export function recoveryOf(run: Observation, comparison: Comparison, impact: Impact, goneMs: number): Recovery {
  const { bucketMs } = run.plan;
  const { bucketsPerWindow } = run.grid;
  const lastFull = impact.fullWindows - 1;
  if (impact.journeys.some((windows) => windows.includes(lastFull))) return { atMs: null };
  const end = Math.round(run.endMs / bucketMs);
  const first = Math.ceil(goneMs / bucketMs - 1e-9);
  const journeys = witnessesOf(run, comparison, first);
  for (let bucket = first; bucket + bucketsPerWindow <= end; bucket++) {
    if (!journeys.every((journey) => isWellFrom(journey, bucket, bucketsPerWindow, end))) continue;
    const last = Math.round(windowStartMs(run, lastFull) / bucketMs);
    const fellIllAgain = journeys.some((journey) => isIllAtEnd(journey, bucket, last, last + bucketsPerWindow));
    return { atMs: fellIllAgain ? null : Math.max(goneMs, bucket * bucketMs) };
  }
  // The run ended less than a window after the trigger was gone: well is who was never unwell.
  const wasUnwell = impact.journeys.some((windows) => windows.length > 0);
  return { atMs: first + bucketsPerWindow > end && !wasUnwell ? goneMs : null };
}

/** What a journey shows over the buckets [from, to). */
type Witness = (from: number, to: number) => "well" | "ill" | "likelyWell" | "likelyIll";

function witnessesOf(run: Observation, comparison: Comparison, goneBucket: number): Witness[] {
  const sums = journeySums(run.journeys);
  return allowancesOf(run.plan).map((allowance, journey) => {
    const silentSince = silencesOf(run, journey, goneBucket);
    return (from, to) => {
      const counts = sums(journey, from, to);
      if (counts.requests <= 0) {
        const missing = comparison.expectedRequests(journey, Math.min(from, silentSince[to] ?? from), to);
        return missing >= LEAST_EXCESS_REQUESTS ? "ill" : "likelyWell";
      }
      const control = comparison.journey(journey, from, to);
      if (isExcess(counts, control, allowance)) return "ill";
      const halfway = (1 + Math.max(allowance ?? 0, badRatio(control))) / 2;
      const { requests } = counts;
      if (isExcess({ requests, bad: requests * halfway }, control, allowance)) return "well";
      return badRatio(counts) < halfway || halfway === 1 ? "likelyWell" : "likelyIll";
    };
  });
}

/** By bucket: the first since which no request of the journey had ended; from `first` on, before which it is nobody's. */
function silencesOf({ journeys }: Observation, journey: number, first: number): number[] {
  const buckets = journeys.counts.length / journeys.width;
  const silentSince: number[] = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const isSilent = bucket >= first && journeyCounts(journeys, journey, bucket, bucket + 1).requests <= 0;
    silentSince.push(isSilent ? silentSince[bucket]! : bucket + 1);
  }
  return silentSince;
}

/**
 * The window that begins at `from`, made a tenth longer until so many requests ended in it that failing half of what
 * should be good would show. Where the run ends before that, the majority of what ended decides.
 */
function isWellFrom(shows: Witness, from: number, buckets: number, end: number): boolean {
  for (let length = buckets; ; length += Math.ceil(length / 10)) {
    const state = shows(from, Math.min(end, from + length));
    if (state === "well" || state === "ill") return state === "well";
    if (from + length >= end) return state === "likelyWell";
  }
}

/** The same backwards from the end of the last full window, as far as the recovery goes back: impacted or not. */
function isIllAtEnd(shows: Witness, recovered: number, last: number, end: number): boolean {
  for (let length = end - last; ; length += Math.ceil(length / 10)) {
    const state = shows(Math.max(recovered, end - length), end);
    if (state === "well" || state === "ill") return state === "ill";
    if (end - length <= recovered) return false;
  }
}

// Watches a run as it is recorded, or as a recording is played to it again, and gathers what the judge needs in one
// pass: of a bucket no more is kept than its sums and whom failures hit, so a run is judged without its recording being
// read.
import { assert } from "../core/assert.ts";
import type { CheckPlan } from "../model/plan.ts";
import type { RunEvent } from "../recording/event.ts";
import type { Recording, RecordingHeader, RecordingSink, RunEnd } from "../recording/recording.ts";
import type { Bucket } from "../signals/bucket.ts";
import { layoutOf } from "../signals/layout.ts";
import { BadUserLog } from "./bad-users.ts";
import { addToBlame, emptyBlameSeries } from "./blame-series.ts";
import { CheckWatch } from "./checks.ts";
import { addToJourneys, emptyJourneySeries } from "./journey-series.ts";
import type { Observation } from "./observation.ts";
import type { CheckResult } from "./result.ts";
import { addToSums, emptySums, totalsOf } from "./totals.ts";
import type { Sums } from "./totals.ts";
import { windowGridOf } from "./window-grid.ts";
import { addToWindows, emptyWindowSums } from "./windows.ts";
import type { WindowSums } from "./windows.ts";

/** What the judge sees of a run. */
export interface ObservedRun {
  readonly run: Observation;
  readonly checks: readonly CheckResult[];
}

export class Observer implements RecordingSink {
  readonly #checks: readonly CheckPlan[];
  readonly #events: RunEvent[] = [];
  #gathering: Gathering | null = null;
  #end: RunEnd | null = null;

  constructor(checks: readonly CheckPlan[]) {
    this.#checks = checks;
  }

  begin(header: RecordingHeader): void {
    this.#gathering = new Gathering(header, this.#checks);
  }

  bucket(bucket: Bucket): void {
    assert(this.#gathering !== null, "a bucket comes after the beginning");
    this.#gathering.add(bucket);
  }

  event(event: RunEvent): void {
    this.#events.push(event);
  }

  end(end: RunEnd): void {
    this.#end = end;
  }

  /** Once the run has ended. */
  observed(): ObservedRun {
    assert(this.#gathering !== null && this.#end !== null, "only a run that ended is observed");
    return this.#gathering.observed(this.#events, this.#end);
  }
}

/** The same from a recording, which is read once. */
export function observedRun(recording: Recording, checks: readonly CheckPlan[]): ObservedRun {
  const gathering = new Gathering(recording.header, checks);
  for (const bucket of recording.buckets()) gathering.add(bucket);
  return gathering.observed(recording.events, recording.end);
}

export function observe(recording: Recording): Observation {
  return observedRun(recording, []).run;
}

class Gathering {
  readonly #header: RecordingHeader;
  readonly #watch: CheckWatch;
  readonly #windows: WindowSums;
  readonly #badUsers = new BadUserLog();
  readonly #parts: Pick<Observation, "layout" | "grid" | "journeys" | "blame"> & { readonly sums: Sums };
  #latest: number;
  #measured = 0;
  #bucketsWithGaps = 0;

  constructor(header: RecordingHeader, checks: readonly CheckPlan[]) {
    const { plan } = header;
    const layout = layoutOf(plan);
    const grid = windowGridOf(plan);
    this.#header = header;
    this.#watch = new CheckWatch(plan, layout, checks);
    this.#windows = emptyWindowSums(grid.windowCount, layout);
    this.#parts = {
      layout,
      grid,
      journeys: emptyJourneySeries(plan),
      blame: emptyBlameSeries(plan),
      sums: emptySums(layout),
    };
    this.#latest = grid.firstBucket - 1;
  }

  add(bucket: Bucket): void {
    const { layout, grid, journeys, blame, sums } = this.#parts;
    this.#watch.add(bucket);
    addToJourneys(journeys, bucket, layout);
    addToBlame(blame, bucket, this.#header.plan);
    if (bucket.index < grid.firstBucket) return;
    const window = Math.floor((bucket.index - grid.firstBucket) / grid.bucketsPerWindow);
    if (window >= grid.windowCount) return;
    addToWindows(this.#windows, window, bucket);
    this.#badUsers.add(window, bucket.badUsers);
    addToSums(sums, bucket, layout);
    this.#latest = Math.max(this.#latest, bucket.index);
    this.#measured++;
    if (bucket.missing > 0) this.#bucketsWithGaps++;
  }

  observed(events: readonly RunEvent[], end: RunEnd): ObservedRun {
    const { plan, planHash, engine } = this.#header;
    const { sums, ...parts } = this.#parts;
    const run: Observation = {
      plan,
      planHash,
      engine,
      ...parts,
      windows: { ...this.#windows, badUsers: this.#badUsers.badUsers() },
      totals: totalsOf(sums),
      measuredMs: this.#measured * plan.bucketMs,
      endMs: Math.min(plan.endMs, (this.#latest + 1) * plan.bucketMs),
      events,
      end,
      bucketsWithGaps: this.#bucketsWithGaps,
    };
    return { run, checks: this.#watch.results() };
  }
}

// What the failure cost, against the control: requests lost, and minutes of full outage.
import type { Comparison } from "./comparison.ts";
import type { Counts } from "./excess.ts";
import { add, badRatio, NONE } from "./excess.ts";
import type { Impact } from "./impact.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";
import type { WindowCounts } from "./window-counts.ts";

export interface Losses {
  /** Requests that were good in the control and not in the run, from the trigger on, over all journeys. */
  readonly requestsLost: number;
  /** Sum over the windows of the excess bad ratio of all requests, in minutes of run time: 1 = all were bad for one minute. */
  readonly budgetMinutes: number;
}

export function lossesOf(
  run: Observation,
  counts: readonly WindowCounts[],
  comparison: Comparison,
  impact: Impact,
): Losses {
  const lost = new Float64Array(run.plan.journeys.length);
  let budgetMinutes = 0;
  // What an interrupted run did not reach, it did not lose: only windows that both saw whole are compared.
  const end = run.endMs < run.plan.endMs ? impact.fullWindows : counts.length;
  for (let window = impact.fromWindow; window < end; window++) {
    const { journeys } = counts[window]!;
    journeys.forEach(({ requests, bad }, journey) => {
      lost[journey]! += comparison.expectedGood(journey, window, requests) - (requests - bad);
    });
    const excess = badRatio(sum(journeys)) - badRatio(sum(comparison.windows[window]!.journeys));
    const lengthMs = Math.min(run.grid.windowMs, run.endMs - windowStartMs(run, window));
    budgetMinutes += (Math.max(0, excess) * lengthMs) / 60_000;
  }
  return { requestsLost: Math.round(lost.reduce((total, each) => total + Math.max(0, each), 0)), budgetMinutes };
}

function sum(counts: readonly Counts[]): Counts {
  return counts.reduce(add, NONE);
}

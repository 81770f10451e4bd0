// What a run is compared with: its control run, or, in `live` without one, its own steady state before the
// trigger, whose ratios then stand for every window.
import type { Plan } from "../model/plan.ts";
import type { Counts } from "./excess.ts";
import { add, badRatio, NONE } from "./excess.ts";
import type { ImpactedWindows } from "./affected-users.ts";
import { affectedShare, badUsersPerWindow, usersSeen } from "./affected-users.ts";
import { journeySums } from "./journey-series.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";
import type { WindowCounts } from "./window-counts.ts";
import { valueIn } from "./window-table.ts";
import { WINDOW_EDGE } from "./windows.ts";

export interface Comparison {
  readonly kind: "control" | "steadyState";
  /** By window of the run. */
  readonly windows: readonly WindowCounts[];
  /** The same journey over the same buckets [from, to). */
  journey(journey: number, from: number, to: number): Counts;
  /** Requests of a journey that should have ended in those buckets: as many as of the control, or as were sent. */
  expectedRequests(journey: number, from: number, to: number): number;
  /** Share of users with a bad request on those journeys in those windows. */
  affectedShare(impacted: ImpactedWindows): number;
  /** Requests of a journey that would have been good in a window in which the run ended `requests`. */
  expectedGood(journey: number, window: number, requests: number): number;
  /** Attempts on an edge in a window, and the sum of their latencies. */
  pressure(edge: number, window: number): Pressure;
}

export interface Pressure {
  readonly attempts: number;
  readonly latencyMs: number;
}

export function controlRun(control: Observation, windows: readonly WindowCounts[], run: Plan): Comparison {
  const nothing: WindowCounts = {
    journeys: run.journeys.map(() => NONE),
    services: run.services.map(() => NONE),
    zones: run.zones.map(() => NONE),
  };
  const edgeOf = edgesByName(control.plan, run);
  const sums = journeySums(control.journeys);
  return {
    kind: "control",
    windows: Array.from({ length: control.grid.windowCount }, (_, window) => windows[window] ?? nothing),
    journey: sums,
    expectedRequests: (journey, from, to) => sums(journey, from, to).requests,
    affectedShare: (impacted) => affectedShare(control, impacted),
    expectedGood(journey, window) {
      const { requests, bad } = windows[window]?.journeys[journey] ?? NONE;
      return requests - bad;
    },
    pressure: (edge, window) => pressureOf(control, edgeOf[edge]!, window),
  };
}

/** `beganMs`: run time at which the trigger began; the windows that end before it are the steady state. */
export function steadyState(run: Observation, windows: readonly WindowCounts[], beganMs: number): Comparison {
  const steady = windows.filter((_, window) => windowStartMs(run, window) + run.grid.windowMs <= beganMs);
  const pooled = (of: (counts: WindowCounts) => readonly Counts[]): Counts[] =>
    steady.reduce(
      (sum, counts) => sum.map((each, index) => add(each, of(counts)[index]!)),
      of(windows[0] ?? { journeys: [], services: [], zones: [] }).map(() => NONE),
    );
  const standing: WindowCounts = {
    journeys: pooled((counts) => counts.journeys),
    services: pooled((counts) => counts.services),
    zones: pooled((counts) => counts.zones),
  };
  const own = journeySums(run.journeys);
  return {
    kind: "steadyState",
    windows: windows.map(() => standing),
    journey: (journey) => standing.journeys[journey]!,
    expectedRequests: (journey, from, to) => own(journey, from, to).sent,
    affectedShare(impacted) {
      const users = usersSeen(run);
      if (users === 0 || steady.length === 0) return 0;
      const perWindow = badUsersPerWindow(run, impacted.journeys, steady.length);
      return Math.min(1, (perWindow * impacted.windowCount) / users);
    },
    expectedGood: (journey, _, requests) => requests * (1 - badRatio(standing.journeys[journey]!)),
    pressure(edge) {
      let attempts = 0;
      let latencyMs = 0;
      steady.forEach((_, window) => {
        const pressure = pressureOf(run, edge, window);
        attempts += pressure.attempts / steady.length;
        latencyMs += pressure.latencyMs / steady.length;
      });
      return { attempts, latencyMs };
    },
  };
}

/** Nothing on an edge, or in a window, that is not there. */
export function pressureOf({ windows: { edges } }: Observation, edge: number, window: number): Pressure {
  return {
    attempts: valueIn(edges, window, edge, WINDOW_EDGE.attempts),
    latencyMs: valueIn(edges, window, edge, WINDOW_EDGE.latencyMs),
  };
}

/** A control has the same services and loads; calls that only a release makes may be missing (-1). */
function edgesByName(control: Plan, run: Plan): number[] {
  return run.edges.map((edge) =>
    control.edges.findIndex(
      ({ caller, callee }) =>
        callee === edge.callee && caller.type === edge.caller.type && caller.index === edge.caller.index,
    ),
  );
}

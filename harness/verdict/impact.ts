// Who was impacted, and when: every journey, service and zone held against its control, window by window, from
// the beginning of the trigger on.
import type { Plan } from "../model/plan.ts";
import type { ImpactedWindows } from "./affected-users.ts";
import type { Comparison } from "./comparison.ts";
import type { Counts } from "./excess.ts";
import { badRatio, isExcess } from "./excess.ts";
import type { Observation } from "./observation.ts";
import { fullWindows, windowStartMs } from "./observation.ts";
import type { WindowCounts } from "./window-counts.ts";

/** Indices of windows, ascending, by journey, service or zone index. */
export interface Impact {
  readonly journeys: readonly (readonly number[])[];
  readonly services: readonly (readonly number[])[];
  readonly zones: readonly (readonly number[])[];
  /** The first window that the trigger could have touched. */
  readonly fromWindow: number;
  /** Number of windows that the run saw to their end. */
  readonly fullWindows: number;
}

export function impactOf(
  run: Observation,
  counts: readonly WindowCounts[],
  comparison: Comparison,
  beganMs: number,
): Impact {
  const fromWindow = counts.findIndex((_, window) => windowStartMs(run, window) + run.grid.windowMs > beganMs);
  const windowsOf = (
    of: (each: WindowCounts) => readonly Counts[],
    allowances: readonly (number | null)[],
  ): number[][] =>
    allowances.map((allowance, index) =>
      counts.flatMap((each, window) => {
        if (fromWindow < 0 || window < fromWindow) return [];
        const control = of(comparison.windows[window]!)[index]!;
        return isExcess(of(each)[index]!, control, allowance) ? [window] : [];
      }),
    );
  const { plan } = run;
  return {
    journeys: windowsOf((each) => each.journeys, allowancesOf(plan)),
    services: windowsOf(
      (each) => each.services,
      plan.services.map(() => null),
    ),
    zones: windowsOf(
      (each) => each.zones,
      plan.zones.map(() => null),
    ),
    fromWindow: fromWindow < 0 ? counts.length : fromWindow,
    fullWindows: fullWindows(run),
  };
}

/** By journey index: the share of requests that may be bad, or null where nothing was promised. */
export function allowancesOf(plan: Plan): (number | null)[] {
  return plan.journeys.map(({ objective }) => (objective.good === null ? null : 1 - objective.good));
}

/** Indices of what was impacted at all, in order of first impact (ties: in the order of the plan). */
export function inOrderOfImpact(windowsOf: readonly (readonly number[])[]): number[] {
  const impacted = windowsOf.flatMap((windows, index) => (windows.length > 0 ? [index] : []));
  return impacted.sort((a, b) => windowsOf[a]![0]! - windowsOf[b]![0]! || a - b);
}

export function isAnythingImpacted({ journeys, services, zones }: Impact): boolean {
  return [...journeys, ...services, ...zones].some((windows) => windows.length > 0);
}

/** Whether anything was still impacted in the last `count` windows that the run saw to their end. */
export function isImpactedAtEnd({ journeys, services, zones, fullWindows: full }: Impact, count: number): boolean {
  return [...journeys, ...services, ...zones].some((windows) =>
    windows.some((window) => window >= full - count && window < full),
  );
}

export function impactedWindows({ journeys }: Impact): ImpactedWindows {
  const sets = journeys.map((windows) => new Set(windows));
  return {
    journeys: journeys.flatMap((windows, journey) => (windows.length > 0 ? [journey] : [])),
    windowCount: new Set(journeys.flat()).size,
    has: (journey, window) => sets[journey]!.has(window),
  };
}

/** The worst bad ratio of a journey in any of its impacted windows. */
export function worstRatio(journey: number, impact: Impact, counts: readonly WindowCounts[]): number {
  return Math.max(0, ...impact.journeys[journey]!.map((window) => badRatio(counts[window]!.journeys[journey]!)));
}

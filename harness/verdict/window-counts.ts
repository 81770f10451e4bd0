// Requests and bad requests per window: of each journey, of each service as far as they originate in it, and of
// each zone. What makes something "impacted" is these numbers against the control's.
import { CANCELLED, CAUSE_COUNT, OK, SLOW, TIMEOUT } from "../model/outcome.ts";
import type { Counts } from "./excess.ts";
import type { Observation } from "./observation.ts";
import { blameTimeouts } from "./timeout-blame.ts";
import { valueIn } from "./window-table.ts";
import { WINDOW_EDGE, WINDOW_JOURNEY, WINDOW_SERVICE } from "./windows.ts";

export interface WindowCounts {
  /** By journey, service or zone index. */
  readonly journeys: readonly Counts[];
  readonly services: readonly Counts[];
  readonly zones: readonly Counts[];
}

export function windowCountsOf(observation: Observation): WindowCounts[] {
  return Array.from({ length: observation.grid.windowCount }, (_, window) => ({
    journeys: journeyCounts(observation, window),
    services: serviceCounts(observation, window),
    zones: zoneCounts(observation, window),
  }));
}

function journeyCounts({ plan, layout, windows }: Observation, window: number): Counts[] {
  const requests = new Float64Array(plan.journeys.length);
  const bad = new Float64Array(plan.journeys.length);
  layout.journeyRows.forEach(({ journey }, row) => {
    const ended = valueIn(windows.journeys, window, row, WINDOW_JOURNEY.ended);
    requests[journey]! += ended;
    bad[journey]! += ended - valueIn(windows.journeys, window, row, WINDOW_JOURNEY.ok);
  });
  return paired(requests, bad);
}

/**
 * Of a service: attempts that ended, by all its callers; bad are those whose failure originates in it, with
 * timeouts going to whom they are owed, and the requests of users for whose slowness it is to blame. What its
 * caller cancelled is nobody's failure.
 */
function serviceCounts(run: Observation, window: number): Counts[] {
  const { plan, layout, windows } = run;
  const { edges, origins } = windows;
  const requests = new Float64Array(layout.serviceCount);
  const bad = new Float64Array(layout.serviceCount);
  const timeouts = new Float64Array(layout.serviceCount);
  plan.edges.forEach(({ callee }, edge) => {
    requests[callee]! += valueIn(edges, window, edge, WINDOW_EDGE.passed);
    for (let cause = 0; cause < CAUSE_COUNT; cause++) {
      const count = valueIn(edges, window, edge, WINDOW_EDGE.attemptOwn + cause);
      requests[callee]! += count;
      if (cause === TIMEOUT) timeouts[callee]! += count;
      else if (cause !== OK && cause !== CANCELLED) bad[callee]! += count;
    }
  });
  for (let service = 0; service < layout.serviceCount; service++) {
    bad[service]! += valueIn(origins, window, service, SLOW);
  }
  blameTimeouts(timeouts, run, window).forEach((count, service) => (bad[service]! += count));
  return paired(requests, bad);
}

/** Of a zone: requests at its instances; bad are those that failed there, whatever the origin, and those given up. */
function zoneCounts({ plan, layout, windows: { services } }: Observation, window: number): Counts[] {
  const requests = new Float64Array(plan.zones.length);
  const bad = new Float64Array(plan.zones.length);
  layout.serviceRows.forEach(({ zone }, row) => {
    const of = (column: number): number => valueIn(services, window, row, column);
    const ended = of(WINDOW_SERVICE.ended);
    requests[zone]! += ended;
    bad[zone]! += ended - of(WINDOW_SERVICE.ok) - of(WINDOW_SERVICE.cancelled) + of(WINDOW_SERVICE.abandoned);
  });
  return paired(requests, bad);
}

/** Blame can exceed what ended in the same window (what was given up has not ended yet): then all was bad. */
function paired(requests: Float64Array, bad: Float64Array): Counts[] {
  return Array.from(requests, (ended, index) => ({ requests: Math.max(ended, bad[index]!), bad: bad[index]! }));
}

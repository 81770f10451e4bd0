// Requests and bad requests per window: of each journey, of each service as far as they originate in it, and of
// each zone. What makes something "impacted" is these numbers against the control's.
import { CANCELLED, CAUSE_COUNT, OK, SLOW, TIMEOUT } from "../model/outcome.ts";
import type { Bucket } from "../signals/bucket.ts";
import { EDGE, JOURNEY, SERVICE } from "../signals/columns.ts";
import type { Counts } from "./excess.ts";
import type { Observation } from "./observation.ts";
import { blameTimeouts, valueOf } from "./timeout-blame.ts";

export interface WindowCounts {
  /** By journey, service or zone index. */
  readonly journeys: readonly Counts[];
  readonly services: readonly Counts[];
  readonly zones: readonly Counts[];
}

export function windowCountsOf(observation: Observation): WindowCounts[] {
  return observation.windows.map((window) => ({
    journeys: journeyCounts(window, observation),
    services: serviceCounts(window, observation),
    zones: zoneCounts(window, observation),
  }));
}

function journeyCounts(window: Bucket, { plan, layout }: Observation): Counts[] {
  const requests = new Float64Array(plan.journeys.length);
  const bad = new Float64Array(plan.journeys.length);
  for (const row of window.journeys) {
    const { journey } = layout.journeyRows[row[0]!]!;
    const ended = valueOf(row, JOURNEY.ended);
    requests[journey]! += ended;
    bad[journey]! += ended - valueOf(row, JOURNEY.outcome + OK);
  }
  return paired(requests, bad);
}

/**
 * Of a service: attempts that ended, by all its callers; bad are those whose failure originates in it, with
 * timeouts going to whom they are owed, and the requests of users for whose slowness it is to blame. What its
 * caller cancelled is nobody's failure.
 */
function serviceCounts(window: Bucket, { plan, layout }: Observation): Counts[] {
  const requests = new Float64Array(layout.serviceCount);
  const bad = new Float64Array(layout.serviceCount);
  const timeouts = new Float64Array(layout.serviceCount);
  for (const row of window.edges) {
    const { callee } = plan.edges[row[0]!]!;
    for (let at = 1; at < row.length; at += 2) {
      const column = row[at]!;
      const count = row[at + 1]!;
      if (column < EDGE.attemptOwn || column >= EDGE.attemptPassed + CAUSE_COUNT) continue;
      requests[callee]! += count;
      const cause = column - EDGE.attemptOwn;
      if (cause === TIMEOUT) timeouts[callee]! += count;
      else if (cause !== OK && cause !== CANCELLED && cause < CAUSE_COUNT) bad[callee]! += count;
    }
  }
  for (const [, service, cause, count] of window.origins) if (cause === SLOW) bad[service!]! += count!;
  blameTimeouts(timeouts, window, plan, layout).forEach((count, service) => (bad[service]! += count));
  return paired(requests, bad);
}

/** Of a zone: requests at its instances; bad are those that failed there, whatever the origin, and those given up. */
function zoneCounts(window: Bucket, { plan, layout }: Observation): Counts[] {
  const requests = new Float64Array(plan.zones.length);
  const bad = new Float64Array(plan.zones.length);
  for (const row of window.services) {
    const { zone } = layout.serviceRows[row[0]!]!;
    const ended = valueOf(row, SERVICE.ended);
    const wellOrCancelled = valueOf(row, SERVICE.outcome + OK) + valueOf(row, SERVICE.outcome + CANCELLED);
    requests[zone]! += ended;
    bad[zone]! += ended - wellOrCancelled + valueOf(row, SERVICE.abandoned);
  }
  return paired(requests, bad);
}

/** Blame can exceed what ended in the same window (what was given up has not ended yet): then all was bad. */
function paired(requests: Float64Array, bad: Float64Array): Counts[] {
  return Array.from(requests, (ended, index) => ({ requests: Math.max(ended, bad[index]!), bad: bad[index]! }));
}

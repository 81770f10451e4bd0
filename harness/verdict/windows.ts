// What the judge asks of each measurement window of a run: the few columns that it reads, where failures of users came
// from, and whom they hit.
import { CANCELLED, CAUSE_COUNT, OK } from "../model/outcome.ts";
import type { Bucket } from "../signals/bucket.ts";
import { EDGE, EDGE_WIDTH, JOURNEY, JOURNEY_WIDTH, SERVICE, SERVICE_WIDTH } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";
import type { BadUsers } from "./bad-users.ts";
import type { WindowTable } from "./window-table.ts";
import { addRows, addValue, emptyWindowTable, keptColumns } from "./window-table.ts";

export interface Windows {
  /** By service row, edge and journey row (signals/layout.ts); the columns are WINDOW_SERVICE, WINDOW_EDGE and WINDOW_JOURNEY. */
  readonly services: WindowTable;
  readonly edges: WindowTable;
  readonly journeys: WindowTable;
  /** By service, a column per cause: bad requests of users that originate there. */
  readonly origins: WindowTable;
  readonly badUsers: BadUsers;
}

/** Windows while they are added up: whom failures hit is collected beside them. */
export type WindowSums = Omit<Windows, "badUsers">;

/** As in signals/service-columns.ts; `ok` and `cancelled` are outcomes. */
export const WINDOW_SERVICE = { ended: 0, ok: 1, cancelled: 2, abandoned: 3, abandonedOwn: 4, inSystemMs: 5 } as const;
const KEPT_OF_SERVICE = keptColumns(SERVICE_WIDTH, [
  [SERVICE.ended, WINDOW_SERVICE.ended],
  [SERVICE.outcome + OK, WINDOW_SERVICE.ok],
  [SERVICE.outcome + CANCELLED, WINDOW_SERVICE.cancelled],
  [SERVICE.abandoned, WINDOW_SERVICE.abandoned],
  [SERVICE.abandonedOwn, WINDOW_SERVICE.abandonedOwn],
  [SERVICE.inSystemMs, WINDOW_SERVICE.inSystemMs],
]);

/** As in signals/edge-columns.ts; `passed` is all of `attemptPassed` together, `attemptOwn` the first of CAUSE_COUNT. */
export const WINDOW_EDGE = {
  calls: 0,
  attempts: 1,
  latencyMs: 2,
  abandonedWaiting: 3,
  passed: 4,
  attemptOwn: 5,
} as const;
const KEPT_OF_EDGE = keptColumns(EDGE_WIDTH, [
  [EDGE.calls, WINDOW_EDGE.calls],
  [EDGE.attempts, WINDOW_EDGE.attempts],
  [EDGE.latencyMs, WINDOW_EDGE.latencyMs],
  [EDGE.abandonedWaiting, WINDOW_EDGE.abandonedWaiting],
  ...causes((cause) => [EDGE.attemptPassed + cause, WINDOW_EDGE.passed]),
  ...causes((cause) => [EDGE.attemptOwn + cause, WINDOW_EDGE.attemptOwn + cause]),
]);

/** As in signals/journey-columns.ts; `ok` is an outcome. */
export const WINDOW_JOURNEY = { sent: 0, ended: 1, ok: 2 } as const;
const KEPT_OF_JOURNEY = keptColumns(JOURNEY_WIDTH, [
  [JOURNEY.sent, WINDOW_JOURNEY.sent],
  [JOURNEY.ended, WINDOW_JOURNEY.ended],
  [JOURNEY.outcome + OK, WINDOW_JOURNEY.ok],
]);

export function emptyWindowSums(
  count: number,
  { serviceRows, edgeCount, journeyRows, serviceCount }: Layout,
): WindowSums {
  const table = (rowCount: number, width: number): WindowTable => emptyWindowTable(count, rowCount, width);
  return {
    services: table(serviceRows.length, Object.keys(WINDOW_SERVICE).length),
    edges: table(edgeCount, WINDOW_EDGE.attemptOwn + CAUSE_COUNT),
    journeys: table(journeyRows.length, Object.keys(WINDOW_JOURNEY).length),
    origins: table(serviceCount, CAUSE_COUNT),
  };
}

/** `window` is one of them. */
export function addToWindows(sums: WindowSums, window: number, bucket: Bucket): void {
  addRows(sums.services, window, bucket.services, KEPT_OF_SERVICE);
  addRows(sums.edges, window, bucket.edges, KEPT_OF_EDGE);
  addRows(sums.journeys, window, bucket.journeys, KEPT_OF_JOURNEY);
  for (const [, service, cause, count] of bucket.origins) addValue(sums.origins, window, service!, cause!, count!);
}

function causes(pairOf: (cause: number) => [number, number]): [number, number][] {
  return Array.from({ length: CAUSE_COUNT }, (_, cause) => pairOf(cause));
}

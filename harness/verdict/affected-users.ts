// Users affected: the share of users with a bad request while their journey was impacted.
import { JOURNEY, JOURNEY_WIDTH } from "../signals/columns.ts";
import { eachRowOfUsers } from "./bad-users.ts";
import type { Observation } from "./observation.ts";
import { columnSum } from "./totals.ts";
import { UserSet } from "./user-set.ts";

/** Which journeys were impacted in which windows. */
export interface ImpactedWindows {
  readonly journeys: readonly number[];
  /** Windows in which any journey was. */
  readonly windowCount: number;
  has(journey: number, window: number): boolean;
}

/** Users with a bad request on an impacted journey in one of its impacted windows ÷ users seen in the run. */
export function affectedShare(observation: Observation, impacted: ImpactedWindows): number {
  const seen = usersSeen(observation);
  if (seen === 0) return 0;
  return Math.min(1, countUsers(observation, impacted) / seen);
}

/** Each load counts its own users, once in a run. */
export function usersSeen({ totals, layout }: Observation): number {
  const rows = layout.journeyRows.map((_, row) => row);
  return columnSum(totals.journeys, JOURNEY_WIDTH, rows, JOURNEY.newUsers);
}

/** Mean number of users with a bad request on these journeys, over the first `windowCount` windows. */
export function badUsersPerWindow(observation: Observation, journeys: readonly number[], windowCount: number): number {
  let users = 0;
  for (let at = 0; at < windowCount; at++) {
    users += countUsers(observation, {
      journeys,
      windowCount,
      has: (journey, window) => window === at && journeys.includes(journey),
    });
  }
  return users / windowCount;
}

function countUsers({ windows, layout, plan }: Observation, impacted: ImpactedWindows): number {
  const byLoad = plan.loads.map(() => new UserSet());
  eachRowOfUsers(windows.badUsers, (window, journeyRow, bad) => {
    const { load, journey } = layout.journeyRows[journeyRow]!;
    if (!impacted.has(journey, window)) return;
    const users = byLoad[load]!;
    for (const user of bad) users.add(user);
  });
  return byLoad.reduce((sum, users) => sum + users.size, 0);
}

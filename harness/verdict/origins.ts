// Where the bad requests of users came from: the service and cause at the bottom of each chain, over the windows
// from the trigger on. A timeout is followed down to whom it is owed.
import { CAUSES, CAUSE_COUNT, TIMEOUT } from "../model/outcome.ts";
import type { Observation } from "./observation.ts";
import type { VariantResult } from "./result.ts";
import { blameTimeouts } from "./timeout-blame.ts";
import { valueIn } from "./window-table.ts";

export function originsOf(run: Observation, fromWindow: number): VariantResult["origins"][number][] {
  const { plan, layout, windows } = run;
  const counts = new Float64Array(layout.serviceCount * CAUSE_COUNT);
  for (let window = fromWindow; window < run.grid.windowCount; window++) {
    const timeouts = new Float64Array(layout.serviceCount);
    for (let service = 0; service < layout.serviceCount; service++) {
      for (let cause = 0; cause < CAUSE_COUNT; cause++) {
        const count = valueIn(windows.origins, window, service, cause);
        if (cause === TIMEOUT) timeouts[service] = count;
        else counts[service * CAUSE_COUNT + cause]! += count;
      }
    }
    blameTimeouts(timeouts, run, window).forEach((count, service) => {
      counts[service * CAUSE_COUNT + TIMEOUT]! += count;
    });
  }
  return Array.from(counts, (count, at) => ({ at, requests: Math.round(count) }))
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.requests - a.requests || a.at - b.at)
    .map(({ at, requests }) => ({
      service: plan.services[Math.floor(at / CAUSE_COUNT)]!.name,
      cause: CAUSES[at % CAUSE_COUNT]!,
      requests,
    }));
}

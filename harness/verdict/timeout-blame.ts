// Whose fault is a timeout? The caller only knows that its callee did not answer in time; the callee knows what
// it was doing when the caller gave up. So a timeout is followed down the calls:
//
//   of the requests that were abandoned at b in this window, the share that b itself held (in its queue, at
//   work) stays with b; the rest goes to b's callees, in proportion to how often b was waiting for each; and
//   from there on in the same way.
//
// A service that reports no abandoned request keeps all: it was dead, stopped, or never saw the request. A
// circle of calls passes ever less around; what is left after as many steps as a call may be deep stays where
// it is. A caller's timeout and the abandonment at the callee lie one network delay apart, which windows make
// negligible.
import { DEPTH_LIMIT } from "../model/outcome.ts";
import type { Observation } from "./observation.ts";
import { valueIn } from "./window-table.ts";
import { WINDOW_EDGE, WINDOW_SERVICE } from "./windows.ts";

type RunInWindows = Pick<Observation, "plan" | "layout" | "windows">;

/** Moves timeouts, given by the service that did not answer, to the services that are to blame. The sum stays the same. */
export function blameTimeouts(timeouts: Float64Array, run: RunInWindows, window: number): Float64Array {
  const { layout } = run;
  const blamed = new Float64Array(layout.serviceCount);
  if (timeouts.every((count) => count === 0)) return blamed;
  const { keeps, passes } = abandonmentOf(run, window);
  let moving = timeouts;
  for (let depth = 0; depth < DEPTH_LIMIT && moving.some((count) => count > 0); depth++) {
    const next = new Float64Array(layout.serviceCount);
    for (let service = 0; service < layout.serviceCount; service++) {
      const count = moving[service]!;
      if (count === 0) continue;
      blamed[service]! += count * keeps[service]!;
      for (const { callee, share } of passes[service]!) next[callee]! += count * share;
    }
    moving = next;
  }
  moving.forEach((count, service) => (blamed[service]! += count));
  return blamed;
}

interface Abandonment {
  /** Share of a service's abandoned requests that it held itself. */
  readonly keeps: Float64Array;
  /** Shares that waited for its callees. Together with `keeps` they make 1. */
  readonly passes: readonly (readonly { readonly callee: number; readonly share: number }[])[];
}

function abandonmentOf({ plan, layout, windows }: RunInWindows, window: number): Abandonment {
  const own = new Float64Array(layout.serviceCount);
  const waiting: { callee: number; count: number }[][] = Array.from({ length: layout.serviceCount }, () => []);
  layout.serviceRows.forEach(({ service }, row) => {
    own[service]! += valueIn(windows.services, window, row, WINDOW_SERVICE.abandonedOwn);
  });
  plan.edges.forEach(({ caller, callee }, edge) => {
    const count = valueIn(windows.edges, window, edge, WINDOW_EDGE.abandonedWaiting);
    if (caller.type === "service" && count > 0) waiting[caller.index]!.push({ callee, count });
  });
  const totals = waiting.map((entries, service) => entries.reduce((sum, { count }) => sum + count, own[service]!));
  return {
    keeps: own.map((count, service) => (totals[service]! > 0 ? count / totals[service]! : 1)),
    passes: waiting.map((entries, service) =>
      entries.map(({ callee, count }) => ({ callee, share: count / totals[service]! })),
    ),
  };
}

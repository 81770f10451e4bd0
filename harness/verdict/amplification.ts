// What the failure made of each request: attempts ÷ requests first sent, for every call and every load, over the
// windows in which something was impacted (over the whole run where nothing was). And how much of the service's
// traffic the new version got.
import { edgeName } from "../signals/address.ts";
import type { Impact } from "./impact.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";
import type { WindowTable } from "./window-table.ts";
import { valueIn } from "./window-table.ts";
import { WINDOW_EDGE, WINDOW_JOURNEY, WINDOW_SERVICE } from "./windows.ts";

/** By edge name and by load name, those that were used. */
export function amplificationOf(run: Observation, impact: Impact | null): Record<string, number> {
  const { plan, layout, grid, windows } = run;
  const impacted = new Set(impact === null ? [] : [...impact.journeys, ...impact.services, ...impact.zones].flat());
  const every = Array.from({ length: grid.windowCount }, (_, window) => window);
  const chosen = every.filter((window) => impacted.size === 0 || impacted.has(window));
  const sum = (table: WindowTable, rows: readonly number[], column: number): number =>
    chosen.reduce((total, window) => rows.reduce((part, row) => part + valueIn(table, window, row, column), total), 0);
  const ratios: Record<string, number> = {};
  plan.edges.forEach((edge, index) => {
    const calls = sum(windows.edges, [index], WINDOW_EDGE.calls);
    if (calls > 0) ratios[edgeName(edge, plan)] = sum(windows.edges, [index], WINDOW_EDGE.attempts) / calls;
  });
  plan.loads.forEach(({ name }, load) => {
    const journeys = layout.journeyRows.flatMap((row, index) => (row.load === load ? [index] : []));
    const sent = sum(windows.journeys, journeys, WINDOW_JOURNEY.sent);
    const edges = plan.edges.flatMap(({ caller }, index) =>
      caller.type === "load" && caller.index === load ? [index] : [],
    );
    if (sent > 0) ratios[name] = sum(windows.edges, edges, WINDOW_EDGE.attempts) / sent;
  });
  return ratios;
}

/** Requests served by the released versions ÷ by their services, while the trigger was there; 0 without a release. */
export function exposureOf(run: Observation, beganMs: number, goneMs: number | null): number {
  const { plan, layout, grid, windows } = run;
  const released = plan.timeline.flatMap((event) => {
    if (event.do !== "release" || event.background) return [];
    return [plan.versions[event.version]!];
  });
  let served = 0;
  let exposed = 0;
  for (let window = 0; window < grid.windowCount; window++) {
    const startMs = windowStartMs(run, window);
    if (startMs + grid.windowMs <= beganMs || startMs >= (goneMs ?? Infinity)) continue;
    layout.serviceRows.forEach(({ service, variant }, row) => {
      const versions = released.filter((version) => version.service === service);
      if (versions.length === 0) return;
      const ended = valueIn(windows.services, window, row, WINDOW_SERVICE.ended);
      served += ended;
      if (variant > 0 && versions.some((version) => version.variant === variant)) exposed += ended;
    });
  }
  return served > 0 ? exposed / served : 0;
}

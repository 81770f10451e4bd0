// What the failure made of each request: attempts ÷ requests first sent, for every call and every load, over the
// windows in which something was impacted (over the whole run where nothing was). And how much of the service's
// traffic the new version got.
import { edgeName } from "../signals/address.ts";
import type { SparseRows } from "../signals/bucket.ts";
import { EDGE, JOURNEY, SERVICE } from "../signals/columns.ts";
import type { Impact } from "./impact.ts";
import type { Observation } from "./observation.ts";
import { windowStartMs } from "./observation.ts";
import { valueOf } from "./timeout-blame.ts";

/** By edge name and by load name, those that were used. */
export function amplificationOf(run: Observation, impact: Impact | null): Record<string, number> {
  const { plan, layout, windows } = run;
  const impacted = new Set(impact === null ? [] : [...impact.journeys, ...impact.services, ...impact.zones].flat());
  const chosen = windows.filter((window) => impacted.size === 0 || impacted.has(window.index));
  const sum = (table: "edges" | "journeys", isMine: (row: number) => boolean, column: number): number =>
    chosen.reduce((total, window) => total + columnOf(window[table], isMine, column), 0);
  const ratios: Record<string, number> = {};
  plan.edges.forEach((edge, index) => {
    const calls = sum("edges", (row) => row === index, EDGE.calls);
    if (calls > 0) ratios[edgeName(edge, plan)] = sum("edges", (row) => row === index, EDGE.attempts) / calls;
  });
  plan.loads.forEach(({ name }, load) => {
    const sent = sum("journeys", (row) => layout.journeyRows[row]!.load === load, JOURNEY.sent);
    const isMine = (row: number): boolean => {
      const { caller } = plan.edges[row]!;
      return caller.type === "load" && caller.index === load;
    };
    if (sent > 0) ratios[name] = sum("edges", isMine, EDGE.attempts) / sent;
  });
  return ratios;
}

/** Requests served by the released versions ÷ by their services, while the trigger was there; 0 without a release. */
export function exposureOf(run: Observation, beganMs: number, goneMs: number | null): number {
  const { plan, layout, grid } = run;
  const released = plan.timeline.flatMap((event) => {
    if (event.do !== "release" || event.background) return [];
    return [plan.versions[event.version]!];
  });
  let served = 0;
  let exposed = 0;
  run.windows.forEach((window, index) => {
    const startMs = windowStartMs(run, index);
    if (startMs + grid.windowMs <= beganMs || startMs >= (goneMs ?? Infinity)) return;
    for (const row of window.services) {
      const { service, variant } = layout.serviceRows[row[0]!]!;
      const versions = released.filter((version) => version.service === service);
      if (versions.length === 0) continue;
      const ended = valueOf(row, SERVICE.ended);
      served += ended;
      if (variant > 0 && versions.some((version) => version.variant === variant)) exposed += ended;
    }
  });
  return served > 0 ? exposed / served : 0;
}

function columnOf(rows: SparseRows, isMine: (row: number) => boolean, column: number): number {
  return rows.reduce((sum, row) => (isMine(row[0]!) ? sum + valueOf(row, column) : sum), 0);
}

// `npm run bench -- live`: the table of the live engine, part by part.
import { addedLatency } from "./added-latency.ts";
import { chain } from "./chain.ts";
import { fleetStart } from "./fleet-start.ts";
import type { LiveOptions } from "./live-options.ts";
import { missingRow } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";
import { burstiness, frozenServer, sendErrors } from "./punctuality.ts";
import { suddenEnd } from "./sudden-end.ts";
import { throughput } from "./throughput.ts";

export interface LiveTable {
  readonly rows: readonly LiveRow[];
}

const MEASURED = { throughput, sendErrors, burstiness, frozenServer, fleetStart, chain, addedLatency, suddenEnd };

export type LivePart = keyof typeof MEASURED;
export const LIVE_PARTS = Object.keys(MEASURED) as readonly LivePart[];

export async function liveBench(part: LivePart, options: LiveOptions): Promise<LiveTable> {
  try {
    return { rows: await MEASURED[part](options) };
  } catch (error) {
    // One part that fails must not cost the others.
    return { rows: [missingRow(part, "", `failed: ${String(error)}`)] };
  }
}

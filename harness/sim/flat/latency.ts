// The latencies of the open bucket, by bin, of all edges, services and journeys in one table: the edges' rows come
// first. signals/latencies.ts closes it. Hot code.
import { BIN_COUNT, BIN_WORDS, binOf, octaveBit } from "../../signals/bins.ts";
import { EDGE_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "../../signals/columns.ts";
import type { Layout } from "../../signals/layout.ts";
import { Tally } from "../../signals/tally.ts";
import { CLOCK, EDGES, JOURNEYS, MOST_ROWS, NOW, REAL, SERVICES } from "./memory.ts";

/** As LatencyMemory in signals/latencies.ts says. */
const COUNTS = new Uint32Array(MOST_ROWS * BIN_COUNT);
const BINS = new Int32Array(MOST_ROWS * BIN_WORDS);
const OCTAVES = new Int32Array(MOST_ROWS);

/** The row of the first service, and of the first journey. */
export function latencyRows({ edgeCount, serviceRows }: Layout): {
  readonly services: number;
  readonly journeys: number;
} {
  return { services: edgeCount, journeys: edgeCount + serviceRows.length };
}

/** A tally over the simulator's own memory, in which nothing is left of a bucket that another run did not close. */
export function flatTally(layout: Layout): Tally {
  const rows = latencyRows(layout);
  SERVICES.fill(0, 0, layout.serviceRows.length * SERVICE_WIDTH);
  EDGES.fill(0, 0, layout.edgeCount * EDGE_WIDTH);
  JOURNEYS.fill(0, 0, layout.journeyRows.length * JOURNEY_WIDTH);
  for (let row = 0; row < rows.journeys + layout.journeyRows.length; row++) {
    if (OCTAVES[row] === 0) continue;
    COUNTS.fill(0, row * BIN_COUNT, (row + 1) * BIN_COUNT);
    BINS.fill(0, row * BIN_WORDS, (row + 1) * BIN_WORDS);
    OCTAVES[row] = 0;
  }
  const from = (row: number) => ({
    counts: COUNTS.subarray(row * BIN_COUNT),
    bins: BINS.subarray(row * BIN_WORDS),
    octaves: OCTAVES.subarray(row),
  });
  return new Tally(layout, {
    services: SERVICES,
    edges: EDGES,
    journeys: JOURNEYS,
    edgeLatency: from(0),
    serviceLatency: from(rows.services),
    journeyLatency: from(rows.journeys),
  });
}

/**
 * What began at `REAL[since]` has ended now. Both times stay in memory: as arguments they would be objects wherever V8
 * does not make one piece of this and its caller.
 */
export function recordLatency(row: number, since: number): void {
  const bin = binOf(CLOCK[NOW]! - REAL[since]!);
  if (COUNTS[row * BIN_COUNT + bin]!++ === 0) touch(row, bin);
}

/** A bin is not empty any more. */
function touch(row: number, bin: number): void {
  BINS[row * BIN_WORDS + (bin >> 5)]! |= 1 << (bin & 31);
  OCTAVES[row]! |= octaveBit(bin);
}

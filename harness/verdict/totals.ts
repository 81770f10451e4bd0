// Everything a run counted from the end of the warm-up to its end, added up: the source of the result's tables.
import { CAUSE_COUNT } from "../model/outcome.ts";
import { BIN_COUNT } from "../signals/bins.ts";
import type { Bucket, SparseBins, SparseRows } from "../signals/bucket.ts";
import { EDGE_WIDTH, FAULT_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "../signals/columns.ts";
import type { Layout } from "../signals/layout.ts";

export interface Totals {
  readonly services: Float64Array;
  readonly edges: Float64Array;
  readonly journeys: Float64Array;
  readonly faults: Float64Array;
  /** By service, edge and journey index: observations by latency bin (signals/bins.ts); null where nothing completed. */
  readonly serviceLatency: (Float64Array | null)[];
  readonly edgeLatency: (Float64Array | null)[];
  readonly journeyLatency: (Float64Array | null)[];
}

export function emptyTotals(layout: Layout): Totals {
  return {
    services: new Float64Array(layout.serviceRows.length * SERVICE_WIDTH),
    edges: new Float64Array(layout.edgeCount * EDGE_WIDTH),
    journeys: new Float64Array(layout.journeyRows.length * JOURNEY_WIDTH),
    faults: new Float64Array(layout.faultCount * FAULT_WIDTH),
    serviceLatency: Array.from({ length: layout.serviceCount }, () => null),
    edgeLatency: Array.from({ length: layout.edgeCount }, () => null),
    journeyLatency: [],
  };
}

export function addToTotals(totals: Totals, bucket: Bucket, { serviceRows, journeyRows }: Layout): void {
  addRows(totals.services, bucket.services, SERVICE_WIDTH);
  addRows(totals.edges, bucket.edges, EDGE_WIDTH);
  addRows(totals.journeys, bucket.journeys, JOURNEY_WIDTH);
  addRows(totals.faults, bucket.faults, FAULT_WIDTH);
  addBins(totals.serviceLatency, bucket.serviceLatency, (row) => serviceRows[row]!.service);
  addBins(totals.edgeLatency, bucket.edgeLatency, (row) => row);
  addBins(totals.journeyLatency, bucket.journeyLatency, (row) => journeyRows[row]!.journey);
}

/** Sum of one column over the given rows of a dense table. */
export function columnSum(table: Float64Array, width: number, rows: readonly number[], column: number): number {
  return rows.reduce((sum, row) => sum + table[row * width + column]!, 0);
}

/** The block of CAUSE_COUNT columns from `first` on, summed over the given rows: counts by outcome. */
export function outcomeSums(table: Float64Array, width: number, rows: readonly number[], first: number): number[] {
  return Array.from({ length: CAUSE_COUNT }, (_, cause) => columnSum(table, width, rows, first + cause));
}

function addRows(table: Float64Array, rows: SparseRows, width: number): void {
  for (const row of rows) {
    for (let at = 1; at < row.length; at += 2) table[row[0]! * width + row[at]!]! += row[at + 1]!;
  }
}

function addBins(latencies: (Float64Array | null)[], rows: SparseBins, entityOf: (row: number) => number): void {
  for (const row of rows) {
    const counts = (latencies[entityOf(row[0]!)] ??= new Float64Array(BIN_COUNT));
    for (let at = 1; at < row.length; at += 2) counts[row[at]!]! += row[at + 1]!;
  }
}

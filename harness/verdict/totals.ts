// Everything a run counted from the end of the warm-up to its end, added up: the source of the result's tables.
import { CAUSE_COUNT } from "../model/outcome.ts";
import type { Bucket, SparseBins, SparseRows } from "../signals/bucket.ts";
import { EDGE_WIDTH, FAULT_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "../signals/columns.ts";
import { LatencyBins } from "../signals/latency.ts";
import type { Layout } from "../signals/layout.ts";
import type { LatencyTable } from "./result.ts";

export interface Totals<Latency = LatencyTotal> {
  readonly services: Float64Array;
  readonly edges: Float64Array;
  readonly journeys: Float64Array;
  readonly faults: Float64Array;
  /** By service, edge and journey index; null where nothing completed. */
  readonly serviceLatency: (Latency | null)[];
  readonly edgeLatency: (Latency | null)[];
  readonly journeyLatency: (Latency | null)[];
}

/** Quantiles in milliseconds. */
export interface LatencyTotal extends Omit<LatencyTable, "mean"> {
  readonly observations: number;
}

/** Totals while they are added up. */
export type Sums = Totals<LatencyBins>;

export function emptySums(layout: Layout): Sums {
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

export function addToSums(sums: Sums, bucket: Bucket, { serviceRows, journeyRows }: Layout): void {
  addRows(sums.services, bucket.services, SERVICE_WIDTH);
  addRows(sums.edges, bucket.edges, EDGE_WIDTH);
  addRows(sums.journeys, bucket.journeys, JOURNEY_WIDTH);
  addRows(sums.faults, bucket.faults, FAULT_WIDTH);
  addBins(sums.serviceLatency, bucket.serviceLatency, (row) => serviceRows[row]!.service);
  addBins(sums.edgeLatency, bucket.edgeLatency, (row) => row);
  addBins(sums.journeyLatency, bucket.journeyLatency, (row) => journeyRows[row]!.journey);
}

/** Small enough to come from another process: of the 4,096 bins of a latency, five quantiles are left. */
export function totalsOf(sums: Sums): Totals {
  return {
    ...sums,
    serviceLatency: sums.serviceLatency.map(latencyTotal),
    edgeLatency: sums.edgeLatency.map(latencyTotal),
    journeyLatency: sums.journeyLatency.map(latencyTotal),
  };
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

function addBins(latencies: (LatencyBins | null)[], rows: SparseBins, entityOf: (row: number) => number): void {
  for (const row of rows) (latencies[entityOf(row[0]!)] ??= new LatencyBins()).add(row);
}

function latencyTotal(bins: LatencyBins | null): LatencyTotal | null {
  const quantiles = bins?.quantilesMs([0.5, 0.9, 0.99, 0.999, 1]) ?? null;
  if (quantiles === null) return null;
  const [p50, p90, p99, p999, max] = quantiles;
  return { observations: bins!.total, p50: p50!, p90: p90!, p99: p99!, p999: p999!, max: max! };
}

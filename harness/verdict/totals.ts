// Everything a run counted from the end of the warm-up to its end, added up: the source of the result's tables.
import { CAUSE_COUNT } from "../model/outcome.ts";
import type { Bucket, SparseBins, SparseRows } from "../signals/bucket.ts";
import { EDGE_WIDTH, FAULT_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "../signals/columns.ts";
import { LatencyBins } from "../signals/latency.ts";
import type { Layout } from "../signals/layout.ts";

export class Totals {
  readonly services: Float64Array;
  readonly edges: Float64Array;
  readonly journeys: Float64Array;
  readonly faults: Float64Array;
  /** By service, edge and journey index; null where nothing completed. */
  readonly serviceLatency: (LatencyBins | null)[];
  readonly edgeLatency: (LatencyBins | null)[];
  readonly journeyLatency: (LatencyBins | null)[];
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.services = new Float64Array(layout.serviceRows.length * SERVICE_WIDTH);
    this.edges = new Float64Array(layout.edgeCount * EDGE_WIDTH);
    this.journeys = new Float64Array(layout.journeyRows.length * JOURNEY_WIDTH);
    this.faults = new Float64Array(layout.faultCount * FAULT_WIDTH);
    this.serviceLatency = Array.from({ length: layout.serviceCount }, () => null);
    this.edgeLatency = Array.from({ length: layout.edgeCount }, () => null);
    this.journeyLatency = [];
  }

  add(bucket: Bucket): void {
    addRows(this.services, bucket.services, SERVICE_WIDTH);
    addRows(this.edges, bucket.edges, EDGE_WIDTH);
    addRows(this.journeys, bucket.journeys, JOURNEY_WIDTH);
    addRows(this.faults, bucket.faults, FAULT_WIDTH);
    const { serviceRows, journeyRows } = this.#layout;
    addBins(this.serviceLatency, bucket.serviceLatency, (row) => serviceRows[row]!.service);
    addBins(this.edgeLatency, bucket.edgeLatency, (row) => row);
    addBins(this.journeyLatency, bucket.journeyLatency, (row) => journeyRows[row]!.journey);
  }
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

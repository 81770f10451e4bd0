// A closed bucket: one second of a run, sparse and JSON-able. This is what the control plane sees, what a
// live process sends to its supervisor, and what a recording consists of.

/** Sparse table: `[row, column, value, column, value, …]` per row that is not all zero, in row order. */
export type SparseRows = readonly (readonly number[])[];

/** Sparse histogram per row: `[row, bin, count, bin, count, …]`, bins ascending (see signals/bins.ts). */
export type SparseBins = readonly (readonly number[])[];

export interface Bucket {
  /** The bucket covers run time [index × bucketMs, (index + 1) × bucketMs). */
  readonly index: number;
  readonly services: SparseRows;
  readonly edges: SparseRows;
  readonly journeys: SparseRows;
  readonly faults: SparseRows;
  /** Latency of completed requests at the server, of answered attempts at the caller, of completed requests at the user. */
  readonly serviceLatency: SparseBins;
  readonly edgeLatency: SparseBins;
  readonly journeyLatency: SparseBins;
  /** Origins of bad journey requests: `[journeyRow, service, cause, count]`, ascending. */
  readonly origins: SparseRows;
  /** Users with a bad request: `[journeyRow, first, delta, delta, …]`, each user once, ascending. */
  readonly badUsers: SparseRows;
  /** Actors whose numbers are missing (a live process that did not report in time); 0 in `sim`. */
  readonly missing: number;
}

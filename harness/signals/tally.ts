// The open bucket: counters that actors write while a second runs, closed into a sparse Bucket at its end.
// Hot code: dense arrays, written by row and column, nothing allocated per request.
import { CAUSE_COUNT } from "../model/outcome.ts";
import { BIN_COUNT, BINS_PER_OCTAVE, binOf, octaveBit } from "./bins.ts";
import type { Bucket, SparseRows } from "./bucket.ts";
import { EDGE_WIDTH, FAULT_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "./columns.ts";
import type { Layout } from "./layout.ts";

/** Arrays for the latencies of one row family. */
interface LatencyMemory {
  readonly counts: Uint32Array;
  /** Per row a bit for each power of two in which a bin was touched, so that closing reads only those. */
  readonly octaves: Int32Array;
}

/** Arrays that a simulator writes itself, in place of `Latencies.record` and the tables that a tally makes. Large enough, and all zero. */
export interface TallyMemory {
  readonly services: Float64Array;
  readonly edges: Float64Array;
  readonly journeys: Float64Array;
  readonly serviceLatency: LatencyMemory;
  readonly edgeLatency: LatencyMemory;
  readonly journeyLatency: LatencyMemory;
}

/** Latency counters of one row family. */
class Latencies {
  readonly counts: Uint32Array;
  readonly #octaves: Int32Array;
  constructor(rows: number, memory?: LatencyMemory) {
    this.counts = memory?.counts.subarray(0, rows * BIN_COUNT) ?? new Uint32Array(rows * BIN_COUNT);
    this.#octaves = (memory?.octaves.subarray(0, rows) ?? new Int32Array(rows)).fill(0);
  }
  record(row: number, latencyMs: number): void {
    const bin = binOf(latencyMs);
    this.counts[row * BIN_COUNT + bin]!++;
    this.#octaves[row]! |= octaveBit(bin);
  }
  close(): number[][] {
    const rows: number[][] = [];
    for (let row = 0; row < this.#octaves.length; row++) {
      if (this.#octaves[row] === 0) continue;
      rows.push(closeBins(this.counts, row, this.#octaves[row]!));
      this.#octaves[row] = 0;
    }
    return rows;
  }
}

/** The pairs of a row while they are collected. */
const PAIRS = new Uint32Array(2 * BIN_COUNT);

/** The bins of a row that are not empty, from these octaves; empties them. */
function closeBins(counts: Uint32Array, row: number, octaves: number): number[] {
  const from = row * BIN_COUNT;
  let end = 0;
  for (let left = octaves; left !== 0; left &= left - 1) {
    const first = (31 - Math.clz32(left & -left)) * BINS_PER_OCTAVE;
    for (let bin = first; bin < first + BINS_PER_OCTAVE; bin++) {
      const count = counts[from + bin]!;
      if (count === 0) continue;
      PAIRS[end++] = bin;
      PAIRS[end++] = count;
      counts[from + bin] = 0;
    }
  }
  const sparse = new Array<number>(1 + end);
  sparse[0] = row;
  for (let at = 0; at < end; at++) sparse[at + 1] = PAIRS[at]!;
  return sparse;
}

export class Tally {
  readonly layout: Layout;
  /** Row × SERVICE_WIDTH + column, and likewise for the others. Actors write these directly. */
  readonly services: Float64Array;
  readonly edges: Float64Array;
  readonly journeys: Float64Array;
  readonly faults: Float64Array;
  readonly serviceLatency: Latencies;
  readonly edgeLatency: Latencies;
  readonly journeyLatency: Latencies;
  readonly #origins: Float64Array;
  readonly #touchedOrigins: number[] = [];
  readonly #badUsers: number[][];

  constructor(layout: Layout, memory?: TallyMemory) {
    this.layout = layout;
    const journeyCount = layout.journeyRows.length;
    const table = (given: Float64Array | undefined, size: number) => given?.subarray(0, size) ?? new Float64Array(size);
    this.services = table(memory?.services, layout.serviceRows.length * SERVICE_WIDTH);
    this.edges = table(memory?.edges, layout.edgeCount * EDGE_WIDTH);
    this.journeys = table(memory?.journeys, journeyCount * JOURNEY_WIDTH);
    this.faults = new Float64Array(layout.faultCount * FAULT_WIDTH);
    this.serviceLatency = new Latencies(layout.serviceRows.length, memory?.serviceLatency);
    this.edgeLatency = new Latencies(layout.edgeCount, memory?.edgeLatency);
    this.journeyLatency = new Latencies(journeyCount, memory?.journeyLatency);
    this.#origins = new Float64Array(journeyCount * layout.serviceCount * CAUSE_COUNT);
    this.#badUsers = layout.journeyRows.map(() => []);
  }

  /** A bad journey request of `user` that originates in `service` with `cause`. */
  bad(journeyRow: number, user: number, service: number, cause: number): void {
    const at = (journeyRow * this.layout.serviceCount + service) * CAUSE_COUNT + cause;
    if (this.#origins[at] === 0) this.#touchedOrigins.push(at);
    this.#origins[at]!++;
    this.#badUsers[journeyRow]!.push(user);
  }

  /** Closes bucket `index` and starts the next one empty. The caller has brought all integrals up to its end. */
  close(index: number): Bucket {
    return {
      index,
      services: closeRows(this.services, SERVICE_WIDTH),
      edges: closeRows(this.edges, EDGE_WIDTH),
      journeys: closeRows(this.journeys, JOURNEY_WIDTH),
      faults: closeRows(this.faults, FAULT_WIDTH),
      serviceLatency: this.serviceLatency.close(),
      edgeLatency: this.edgeLatency.close(),
      journeyLatency: this.journeyLatency.close(),
      origins: this.#closeOrigins(),
      badUsers: this.#closeUsers(),
      missing: 0,
    };
  }

  #closeOrigins(): SparseRows {
    const { serviceCount } = this.layout;
    const rows = this.#touchedOrigins
      .sort((a, b) => a - b)
      .map((at) => {
        const count = this.#origins[at]!;
        this.#origins[at] = 0;
        const pair = Math.floor(at / CAUSE_COUNT);
        return [Math.floor(pair / serviceCount), pair % serviceCount, at % CAUSE_COUNT, count];
      });
    this.#touchedOrigins.length = 0;
    return rows;
  }

  #closeUsers(): SparseRows {
    const rows: number[][] = [];
    this.#badUsers.forEach((users, journeyRow) => {
      if (users.length === 0) return;
      users.sort((a, b) => a - b);
      const sparse = [journeyRow];
      let previous = 0;
      users.forEach((user, position) => {
        if (position > 0 && user === previous) return;
        sparse.push(position === 0 ? user : user - previous);
        previous = user;
      });
      rows.push(sparse);
      users.length = 0;
    });
    return rows;
  }
}

/** The non-zero columns of each row that has any; clears the table. */
function closeRows(table: Float64Array, width: number): SparseRows {
  const rows: number[][] = [];
  for (let start = 0, row = 0; start < table.length; start += width, row++) {
    let sparse: number[] | null = null;
    for (let column = 0; column < width; column++) {
      const value = table[start + column]!;
      if (value === 0) continue;
      sparse ??= [row];
      sparse.push(column, value);
    }
    if (sparse === null) continue;
    table.fill(0, start, start + width);
    rows.push(sparse);
  }
  return rows;
}

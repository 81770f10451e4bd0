// The open bucket: counters that actors write while a second runs, closed into a sparse Bucket at its end.
// Hot code: dense arrays, written by row and column, nothing allocated per request.
import { packedArray } from "../core/packed-array.ts";
import { CAUSE_COUNT } from "../model/outcome.ts";
import type { Bucket, SparseRows } from "./bucket.ts";
import { EDGE_WIDTH, FAULT_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "./columns.ts";
import { Latencies } from "./latencies.ts";
import type { LatencyMemory } from "./latencies.ts";
import type { Layout } from "./layout.ts";

/** Arrays that a simulator writes itself, in place of `Latencies.record` and the tables that a tally makes. Large enough, and all zero. */
export interface TallyMemory {
  readonly services: Float64Array;
  readonly edges: Float64Array;
  readonly journeys: Float64Array;
  readonly serviceLatency: LatencyMemory;
  readonly edgeLatency: LatencyMemory;
  readonly journeyLatency: LatencyMemory;
}

/** A row of columns while it is collected; a slice of it is as long as it must be. */
const COLUMNS = packedArray(1 + 2 * Math.max(SERVICE_WIDTH, EDGE_WIDTH, JOURNEY_WIDTH, FAULT_WIDTH), 0.5);

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
    let end = 1;
    for (let column = 0; column < width; column++) {
      const value = table[start + column]!;
      if (value === 0) continue;
      COLUMNS[end++] = column;
      COLUMNS[end++] = value;
    }
    if (end === 1) continue;
    COLUMNS[0] = row;
    table.fill(0, start, start + width);
    rows.push(COLUMNS.slice(0, end));
  }
  return rows;
}

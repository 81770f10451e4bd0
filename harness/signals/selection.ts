// What an address adds up: the rows and columns of a bucket that belong to it. Everything is a sum over
// buckets; only the last step (a ratio, a mean, a quantile) needs the whole window.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { Address, Scope } from "./address.ts";
import type { Bucket, SparseBins, SparseRows } from "./bucket.ts";
import { EDGE_WIDTH, JOURNEY_WIDTH, SERVICE_WIDTH } from "./columns.ts";
import { LatencyBins } from "./latency.ts";
import type { Layout } from "./layout.ts";
import type { Formula, Part } from "./measure.ts";

/** What one bucket contributes to a measure. */
export interface Contribution {
  readonly top: number;
  readonly bottom: number;
  /** Histogram rows, for quantiles only. */
  readonly bins: SparseBins;
}

export class Selection {
  readonly #formula: Formula;
  readonly #top: PartSum | null;
  readonly #bottom: PartSum | null;
  readonly #rows: Uint8Array;
  /** 32 KB, which every value of a quantile makes use of: gates and alerts ask for one every second. */
  readonly #bins: LatencyBins | null;

  constructor(address: Address, plan: Plan, layout: Layout) {
    const { formula } = address.measure;
    this.#formula = formula;
    const part = (of: Part): PartSum => new PartSum(of, rowsOf(of, address.scope, plan, layout));
    this.#top = formula.type === "quantile" ? null : part(formula.top);
    this.#bottom = formula.type === "share" ? part(formula.bottom) : null;
    this.#rows =
      formula.type === "quantile"
        ? rowsOf({ table: formula.table, columns: [] }, address.scope, plan, layout)
        : new Uint8Array();
    this.#bins = formula.type === "quantile" ? new LatencyBins() : null;
  }

  of(bucket: Bucket): Contribution {
    const bins =
      this.#formula.type === "quantile"
        ? latencyTable(bucket, this.#formula.table).filter((row) => this.#rows[row[0]!] === 1)
        : [];
    return { top: this.#top?.of(bucket) ?? 0, bottom: this.#bottom?.of(bucket) ?? 0, bins };
  }

  /** The value over a window of `lengthMs`, all of whose contributions are given; null = no data. */
  value(contributions: Iterable<Contribution>, lengthMs: number): number | null {
    let top = 0;
    let bottom = 0;
    this.#bins?.clear();
    for (const each of contributions) {
      top += each.top;
      bottom += each.bottom;
      for (const row of each.bins) this.#bins!.add(row);
    }
    switch (this.#formula.type) {
      case "share":
        return bottom > 0 ? top / bottom : null;
      case "count":
        return top;
      case "perSecond":
        return lengthMs > 0 ? (top * 1000) / lengthMs : null;
      case "overTime":
        return lengthMs > 0 ? top / lengthMs : null;
      case "quantile":
        return this.#bins!.quantileMs(this.#formula.quantile);
      default:
        return unreachable(this.#formula);
    }
  }
}

/** Sums the chosen columns of the chosen rows of one table. */
class PartSum {
  readonly #part: Part;
  readonly #rows: Uint8Array;
  readonly #columns: Uint8Array;
  constructor(part: Part, rows: Uint8Array) {
    this.#part = part;
    this.#rows = rows;
    this.#columns = new Uint8Array(Math.max(SERVICE_WIDTH, EDGE_WIDTH, JOURNEY_WIDTH));
    if (part.columns !== "observations") for (const column of part.columns) this.#columns[column] = 1;
  }
  of(bucket: Bucket): number {
    const { table, columns } = this.#part;
    const rows: SparseRows = columns === "observations" ? latencyTable(bucket, table) : bucket[table];
    let sum = 0;
    for (const row of rows) {
      if (this.#rows[row[0]!] !== 1) continue;
      for (let at = 1; at < row.length; at += 2) {
        if (columns === "observations" || this.#columns[row[at]!] === 1) sum += row[at + 1]!;
      }
    }
    return sum;
  }
}

function latencyTable(bucket: Bucket, table: Part["table"]): SparseBins {
  if (table === "services") return bucket.serviceLatency;
  return table === "edges" ? bucket.edgeLatency : bucket.journeyLatency;
}

/** A 1 for every row of the table that the scope covers. */
function rowsOf(part: Part, scope: Scope, plan: Plan, layout: Layout): Uint8Array {
  switch (part.table) {
    case "services":
      return Uint8Array.from(layout.serviceRows, (row) =>
        Number(coversServiceRow(scope, row, part.anyVersion === true)),
      );
    case "edges":
      return Uint8Array.from(plan.edges, (edge, index) => {
        if (scope.type === "edge") return Number(index === scope.edge);
        if (scope.type === "service") return Number(edge.callee === scope.service);
        return Number(scope.type === "load" && edge.caller.type === "load" && edge.caller.index === scope.load);
      });
    case "journeys":
      return Uint8Array.from(layout.journeyRows, (row) => {
        if (scope.type === "journey") return Number(row.journey === scope.journey);
        return Number(scope.type === "load" && row.load === scope.load);
      });
    default:
      return unreachable(part.table);
  }
}

function coversServiceRow(scope: Scope, row: Layout["serviceRows"][number], anyVersion: boolean): boolean {
  if (scope.type === "zone") return row.zone === scope.zone;
  if (scope.type !== "service" || row.service !== scope.service) return false;
  if (anyVersion || scope.version === "all") return true;
  return scope.version === "new" ? row.variant > 0 : row.variant === scope.version.variant;
}

// Some columns of the rows of buckets, added up by measurement window. Dense: the numbers of a run lie in one piece of
// memory, which is added to in place, and passes from process to process as it is.
import { assert } from "../core/assert.ts";
import type { SparseRows } from "../signals/bucket.ts";

export interface WindowTable {
  /** Of a window. */
  readonly rowCount: number;
  /** Columns of a row. */
  readonly width: number;
  /** By window, row and column: see `placeOf`. */
  readonly values: Float64Array;
}

/** By column of a bucket: the column of the table that it is added to, or -1 where it is not kept. */
export type KeptColumns = Int8Array;

/** `pairs`: a column of a bucket, of which there are `columns`, and the one of the table. */
export function keptColumns(columns: number, pairs: readonly (readonly [number, number])[]): KeptColumns {
  const kept = new Int8Array(columns).fill(-1);
  for (const [column, to] of pairs) kept[column] = to;
  return kept;
}

export function emptyWindowTable(windows: number, rowCount: number, width: number): WindowTable {
  return { rowCount, width, values: new Float64Array(windows * rowCount * width) };
}

export function addRows(table: WindowTable, window: number, rows: SparseRows, kept: KeptColumns): void {
  for (const row of rows) {
    const first = placeOf(table, window, row[0]!, 0);
    for (let at = 1; at < row.length; at += 2) {
      const column = kept[row[at]!]!;
      if (column >= 0) table.values[first + column]! += row[at + 1]!;
    }
  }
}

export function addValue(table: WindowTable, window: number, row: number, column: number, value: number): void {
  table.values[placeOf(table, window, row, column)]! += value;
}

/** 0 for row -1, which stands for one that is not there, and for windows before the first and after the last. */
export function valueIn(table: WindowTable, window: number, row: number, column: number): number {
  return row === -1 ? 0 : (table.values[placeOf(table, window, row, column)] ?? 0);
}

function placeOf({ rowCount, width }: WindowTable, window: number, row: number, column: number): number {
  assert(row >= 0 && row < rowCount, "the row is one of the table");
  return (window * rowCount + row) * width + column;
}

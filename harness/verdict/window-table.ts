// Some columns of the rows of buckets, added up by measurement window. Dense: the numbers of a run lie in one piece of
// memory, which is added to in place, and passes from process to process as it is.
import type { SparseRows } from "../signals/bucket.ts";

export interface WindowTable {
  readonly rows: number;
  /** Columns of a row. */
  readonly width: number;
  /** `[(window × rows + row) × width + column]` */
  readonly values: Float64Array;
}

/** By column of a bucket: the column of the table that it is added to, or -1 where it is not kept. */
export type Places = Int8Array;

/** `pairs`: a column of a bucket, of which there are `columns`, and where it goes. */
export function placesOf(columns: number, pairs: readonly (readonly [number, number])[]): Places {
  const places = new Int8Array(columns).fill(-1);
  for (const [column, place] of pairs) places[column] = place;
  return places;
}

export function emptyWindowTable(windows: number, rows: number, width: number): WindowTable {
  return { rows, width, values: new Float64Array(windows * rows * width) };
}

export function addToWindow(
  { rows, width, values }: WindowTable,
  window: number,
  sparse: SparseRows,
  places: Places,
): void {
  for (const row of sparse) {
    const first = (window * rows + row[0]!) * width;
    for (let at = 1; at < row.length; at += 2) {
      const place = places[row[at]!]!;
      if (place >= 0) values[first + place]! += row[at + 1]!;
    }
  }
}

/** 0 for a window or row that is not there. */
export function valueIn({ rows, width, values }: WindowTable, window: number, row: number, column: number): number {
  return row < 0 ? 0 : (values[(window * rows + row) * width + column] ?? 0);
}

// The tables of docs/evidence: rows of this run take the place of the same rows of an earlier one; what was not run stays.
import { existsSync, readFileSync } from "node:fs";

/** All rows of a page's table, as Markdown. Rows are the same where the cells of these numbers (from 0) are. */
export function mergedRows(page: string, rows: readonly string[], keyCells: readonly number[]): string[] {
  const known = rowsOf(page);
  const keyOf = (row: string): string => keyCells.map((cell) => cellOf(row, cell)).join();
  return [...new Map([...known, ...rows].map((row) => [keyOf(row), row])).values()];
}

/** The rows of a page's table without its header; none where there is no page. */
export function rowsOf(page: string): string[] {
  const lines = existsSync(page) ? readFileSync(page, "utf8").split("\n") : [];
  return lines.filter((line) => line.startsWith("| ")).slice(1);
}

export function cellOf(row: string, cell: number): string {
  return row.split("|")[cell + 1]!.trim();
}

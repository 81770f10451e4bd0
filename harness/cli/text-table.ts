// A table of text: the first column to the left, numbers to the right.
import { wrap } from "../../reports/wrap.ts";

const INDENT = 2;
const GAP = 2;
/** With more parts, or more than the first column to repeat in each, a row is easier to read as a sentence. */
const MOST_PARTS = 2;

/**
 * Lines without trailing spaces, indented by two; `rows` have as many cells as `header`. A table wider than `columns` goes
 * on below itself, with its left column again, or becomes a paragraph a row: nothing is cut off.
 */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 1,
  columns = Infinity,
): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const parts = partsOf(widths, leftColumns, columns);
  if (parts === null) return rows.flatMap((row) => paragraph(header, row, leftColumns, columns));
  return parts.flatMap((part, index) => [
    ...(index === 0 ? [] : [""]),
    ...[header, ...rows].map((row) =>
      `  ${part.map((column) => (column < leftColumns ? row[column]!.padEnd(widths[column]!) : row[column]!.padStart(widths[column]!))).join("  ")}`.trimEnd(),
    ),
  ]);
}

/** The columns of each table that fits, or null where there would be too many of them. */
function partsOf(widths: readonly number[], leftColumns: number, columns: number): number[][] | null {
  const left = widths.slice(0, leftColumns).map((_, column) => column);
  const widthOf = (part: readonly number[]): number =>
    part.reduce((sum, column) => sum + widths[column]! + GAP, INDENT - GAP);
  const parts: number[][] = [[...left]];
  for (let column = leftColumns; column < widths.length; column++) {
    const last = parts.at(-1)!;
    if (last.length === leftColumns || widthOf([...last, column]) <= columns) last.push(column);
    else parts.push([...left, column]);
  }
  const fits = parts.every((part) => widthOf(part) <= columns);
  return fits && parts.length <= (leftColumns === 1 ? MOST_PARTS : 1) ? parts : null;
}

function paragraph(header: readonly string[], row: readonly string[], leftColumns: number, columns: number): string[] {
  const cells = row.map((cell, index) => `${header[index]} ${cell}`);
  const text = `${cells.slice(0, leftColumns).join(", ")}: ${cells.slice(leftColumns).join(", ")}`;
  return wrap(text, columns - INDENT, "  ").map((line) => `  ${line}`);
}

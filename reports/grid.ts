// Tables of text that fit a line: columns as wide as they need, one of them giving way where there is no room.
import type { Paint, Shade } from "./paint.ts";
import { cut } from "./wrap.ts";

export interface GridColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** May be cut to this many characters where the line is too short; others never are. */
  readonly shrinksTo?: number;
}

export interface Cell {
  readonly text: string;
  readonly shade?: Shade;
}

/** Lines without trailing spaces, a header first; `gap` spaces between columns. Cells stand in the order of the columns. */
export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
  width: number,
  gap: number,
  paint: Paint,
): string[] {
  const needed = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.text.length)),
  );
  let surplus = needed.reduce((sum, each) => sum + each, gap * (columns.length - 1)) - width;
  const widths = [...needed];
  // What stands to the right gives way first: the reasons, then the names.
  for (let column = columns.length - 1; column >= 0; column--) {
    const least = Math.min(needed[column]!, columns[column]!.shrinksTo ?? needed[column]!);
    const given = Math.min(Math.max(0, surplus), needed[column]! - least);
    widths[column]! -= given;
    surplus -= given;
  }
  const line = (cells: readonly Cell[]): string => {
    const padded = cells.map(({ text, shade }, column) => {
      const fitted = cut(text, widths[column]!);
      const room = " ".repeat(widths[column]! - fitted.length);
      const painted = shade === undefined ? fitted : paint(fitted, shade);
      if (columns[column]!.align === "right") return room + painted;
      return column === cells.length - 1 ? painted : painted + room;
    });
    return padded.join(" ".repeat(gap)).trimEnd();
  };
  return [line(columns.map(({ title }) => ({ text: title, shade: "faint" }))), ...rows.map(line)];
}

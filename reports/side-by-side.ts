// Two blocks of lines beside each other, where the terminal is wide enough for both.

/** From this width on two blocks fit. */
export const TWO_BLOCKS = 150;

/** Characters of the left block, given those of the line; the right one has the rest. */
export function leftWidth(columns: number): number {
  return columns < TWO_BLOCKS ? columns : Math.floor(columns * 0.48);
}

/** One after the other where the line is too short. */
export function sideBySide(left: readonly string[], right: readonly string[], columns: number): string[] {
  if (columns < TWO_BLOCKS || left.length === 0 || right.length === 0) return [...left, ...right];
  const width = leftWidth(columns);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => {
    const text = left[row] ?? "";
    return `${text}${" ".repeat(Math.max(0, width - visibleLength(text)))}${right[row] ?? ""}`.trimEnd();
  });
}

function visibleLength(text: string): number {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001B\[[\d;]*m/g, "").length;
}

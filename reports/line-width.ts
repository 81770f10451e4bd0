// How long the lines of what we print may be.

/** Where nobody knows better; a narrower terminal breaks the lines itself. */
const LEAST_COLUMNS = 80;

/** `columns` of the terminal; undefined where it is none. */
export function lineWidth(columns: number | undefined): number {
  return Math.max(LEAST_COLUMNS, columns ?? LEAST_COLUMNS);
}

// The median of several rounds and how far they lie apart.
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median: rounded(median), low: rounded(sorted[0]!), high: rounded(sorted.at(-1)!) };
}

/** To four significant digits: more would only be noise, and change the file of results every time. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

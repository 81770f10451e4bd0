import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Zipf } from "../../harness/core/zipf.ts";

const DRAWS = 200_000;
const SALT = 77;

function weights(count: number, exponent: number): number[] {
  const each = Array.from({ length: count }, (_, index) => (index + 1) ** -exponent);
  const sum = each.reduce((total, weight) => total + weight, 0);
  return each.map((weight) => weight / sum);
}

/** Pearson's statistic against the law, ranks beyond the tenth taken together. */
function chiSquared(count: number, exponent: number): { readonly statistic: number; readonly cells: number } {
  const zipf = new Zipf(count, exponent);
  const law = weights(count, exponent);
  const cells = Math.min(11, count);
  const cellOf = (rank: number): number => Math.min(cells, rank) - 1;
  const expected = Array<number>(cells).fill(0);
  law.forEach((share, index) => (expected[cellOf(index + 1)]! += share * DRAWS));
  const seen = Array<number>(cells).fill(0);
  for (let key = 0; key < DRAWS; key++) seen[cellOf(zipf.rank(key, 5, SALT))]!++;
  const statistic = seen.reduce((sum, each, cell) => sum + (each - expected[cell]!) ** 2 / expected[cell]!, 0);
  return { statistic, cells };
}

// The 99.99 % quantile of χ² with ten degrees of freedom is 35.6; fewer cells have a lower one.
test.each([
  [2, 1],
  [11, 0],
  [100, 0.5],
  [1000, 0.99],
  [1000, 1],
  [1000, 1.000001],
  [200_000, 1.1],
  [1_000_000, 2.5],
])("%i ranks at exponent %d are drawn by their law", (count, exponent) => {
  const { statistic, cells } = chiSquared(count, exponent);
  expect(cells).toBeGreaterThan(1);
  expect(statistic).toBeLessThan(35.6);
});

test("the mean rank of the whole range is that of the law, also far out in its tail", () => {
  const law = weights(100_000, 0.8);
  const mean = law.reduce((sum, share, index) => sum + share * (index + 1), 0);
  const square = law.reduce((sum, share, index) => sum + share * (index + 1) ** 2, 0);
  const zipf = new Zipf(100_000, 0.8);
  let sum = 0;
  for (let key = 0; key < DRAWS; key++) sum += zipf.rank(3, key, SALT);
  const error = Math.sqrt((square - mean * mean) / DRAWS);
  expect(Math.abs(sum / DRAWS - mean)).toBeLessThan(4 * error);
});

test("a rank is always one of them, the same for the same key", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer(),
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 0, max: 8, noNaN: true }),
      (high, low, count, exponent) => {
        const zipf = new Zipf(count, exponent);
        const rank = zipf.rank(high, low, SALT);
        expect(Number.isInteger(rank) && rank >= 1 && rank <= count).toBe(true);
        expect(zipf.rank(high, low, SALT)).toBe(rank);
      },
    ),
  );
});

import { expect, test } from "vitest";
import { bits, hashText, mixHigh, mixLow, unit } from "../../harness/core/key.ts";

type Output = (high: number, low: number, salt: number) => number;
const OUTPUTS: Readonly<Record<string, Output>> = { bits, mixHigh, mixLow };

/** The quantile of chi-square at p = 1 − 10⁻⁶ (Wilson and Hilferty 1931; z = 4.7534). */
function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 4.7534 * Math.sqrt(spread)) ** 3;
}

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test.each(Object.entries(OUTPUTS))("%s: flipping any input bit flips every output bit half the time", (_, output) => {
  const trials = 4000;
  // 96 × 32 frequencies, each within 5.5 standard deviations of one half: all hold with probability 0.9999.
  const tolerance = (5.5 * 0.5) / Math.sqrt(trials);
  const worst = { share: 0.5 };
  for (let bit = 0; bit < 96; bit++) {
    const flips = new Array<number>(32).fill(0);
    for (let trial = 0; trial < trials; trial++) {
      // Inputs as they occur: a hashed key and a small salt.
      const high = mixHigh(trial, bit, 1);
      const low = mixLow(trial, bit, 1);
      const salt = trial & 63;
      const flip = (word: number) => (bit >> 5 === word ? 1 << (bit & 31) : 0);
      const changed = output(high, low, salt) ^ output(high ^ flip(0), low ^ flip(1), salt ^ flip(2));
      for (let out = 0; out < 32; out++) flips[out]! += (changed >>> out) & 1;
    }
    for (const count of flips) {
      if (Math.abs(count / trials - 0.5) > Math.abs(worst.share - 0.5)) worst.share = count / trials;
    }
  }
  expect(Math.abs(worst.share - 0.5)).toBeLessThan(tolerance);
});

test.each([
  ["the low word counts", (i: number) => bits(7, i, 3)],
  ["the high word counts", (i: number) => bits(i, 7, 3)],
  ["the salt counts", (i: number) => bits(7, 9, i)],
  ["the low word counts in steps of 2¹⁶", (i: number) => bits(7, Math.imul(i, 65536) ^ (i >>> 16), 3)],
  ["keys are children of children", (i: number) => bits(mixHigh(1, 2, i), mixLow(1, 2, i), 5)],
])("draws are uniform where %s", (_, draw) => {
  for (const shift of [0, 12, 24]) {
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < 200_000; i++) counts[(draw(i) >>> shift) & 255]!++;
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(255));
  }
});

test("the draws of sibling salts are independent of each other", () => {
  for (const [a, b] of [
    [0, 1],
    [1, 2],
    [2, 3],
    [1, 0x9e3779b9 | 0],
    [hashText("work"), hashText("error")],
  ] as const) {
    const counts = new Array<number>(32 * 32).fill(0);
    for (let i = 0; i < 200_000; i++) {
      counts[Math.floor(unit(i, 42, a) * 32) * 32 + Math.floor(unit(i, 42, b) * 32)]!++;
    }
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(1023));
  }
});

test("a child's draws are independent of its parent's and of its siblings'", () => {
  const parentAndChild = new Array<number>(32 * 32).fill(0);
  const siblings = new Array<number>(32 * 32).fill(0);
  for (let i = 0; i < 200_000; i++) {
    const parent = Math.floor(unit(i, 42, 1) * 32);
    const first = Math.floor(unit(mixHigh(i, 42, 1), mixLow(i, 42, 1), 1) * 32);
    const second = Math.floor(unit(mixHigh(i, 42, 2), mixLow(i, 42, 2), 1) * 32);
    parentAndChild[parent * 32 + first]!++;
    siblings[first * 32 + second]!++;
  }
  expect(chiSquare(parentAndChild)).toBeLessThan(chiSquareLimit(1023));
  expect(chiSquare(siblings)).toBeLessThan(chiSquareLimit(1023));
});

test("no two of a million keys meet", () => {
  const seen = new Set<bigint>();
  const high = mixHigh(2013, 0, hashText("listeners"));
  const low = mixLow(2013, 0, hashText("listeners"));
  for (let i = 0; i < 1_000_000; i++) {
    seen.add((BigInt(mixHigh(high, low, i)) << 32n) | BigInt(mixLow(high, low, i) >>> 0));
  }
  expect(seen.size).toBe(1_000_000);
});

test("a unit draw is never 0 nor 1", () => {
  expect(0.5 * 2 ** -32).toBeGreaterThan(0);
  expect((2 ** 32 - 0.5) * 2 ** -32).toBeLessThan(1);
  for (let i = 0; i < 100_000; i++) {
    const draw = unit(i, i, 1);
    expect(draw > 0 && draw < 1).toBe(true);
    expect(draw).toBe((bits(i, i, 1) + 0.5) / 2 ** 32);
  }
});

test("names that differ in one letter, their order or their length have unrelated words", () => {
  const names = ["", "a", "b", "ab", "ba", "aa", "aaa", "work", "word", "\0", "\0\0", "ü", "u"];
  expect(new Set(names.map(hashText)).size).toBe(names.length);
  const buckets = new Array<number>(64).fill(0);
  for (let i = 0; i < 64_000; i++) buckets[hashText(`load/listeners/${i}`) & 63]!++;
  expect(chiSquare(buckets)).toBeLessThan(chiSquareLimit(63));
});

// Recordings and the parity of old seeds hang on these numbers: they must never change.
test("the outputs are the committed ones", () => {
  expect({
    texts: ["", "work", "load/listeners/arrivals"].map(hashText),
    high: [mixHigh(0, 0, 0), mixHigh(1, 2, 3), mixHigh(-1, 0x7fffffff, -2147483648)],
    low: [mixLow(0, 0, 0), mixLow(1, 2, 3), mixLow(-1, 0x7fffffff, -2147483648)],
    bits: [bits(0, 0, 0), bits(1, 2, 3), bits(-1, 0x7fffffff, -2147483648)],
    unit: [unit(0, 0, 0), unit(1, 2, 3)],
  }).toEqual(GOLDEN);
});

const GOLDEN = {
  texts: [994583080, 1431757448, -1399316041],
  high: [1819637868, 383098698, -473272322],
  low: [-700160397, -535968812, 1537494247],
  bits: [3556291923, 907386171, 3643614514],
  unit: [0.8280137375695631, 0.21126730635296553],
};

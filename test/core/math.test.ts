import fc from "fast-check";
import { expect, test } from "vitest";
import { exp, log, normalQuantile, pow } from "../../harness/core/math.ts";

const numbers = new Float64Array(2);
const patterns = new BigInt64Array(numbers.buffer);

/** How many doubles lie between two of the same sign: 0 where they are the same or both NaN. */
function distanceInUlp(a: number, b: number): number {
  if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  numbers[0] = a;
  numbers[1] = b;
  const distance = patterns[0]! - patterns[1]!;
  return Number(distance < 0n ? -distance : distance);
}

/** The 64 bits of a number in hexadecimal. */
function patternOf(x: number): string {
  numbers[0] = x;
  return BigInt.asUintN(64, patterns[0]!).toString(16).padStart(16, "0");
}

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  0.5,
  -0.5,
  3,
  -3,
  1.5,
  -1.5,
  -7,
  1e300,
  1e-300,
  5e-324,
  2.3e-308,
  709.78,
  -745.1,
  NaN,
];
const LARGE = [2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 64, 2 ** 65, -1e20, Infinity, -Infinity];
const ALL = [...SPECIAL, ...LARGE];
const many = { numRuns: 20_000 };

test("log is within 1 ulp of the platform's, everywhere", () => {
  for (const x of ALL) expect(distanceInUlp(log(x), Math.log(x)), `log(${x})`).toBeLessThanOrEqual(1);
  fc.assert(
    fc.property(fc.double({ min: 0 }), (x) => distanceInUlp(log(x), Math.log(x)) <= 1),
    many,
  );
  fc.assert(
    fc.property(fc.double({ min: 0.9, max: 1.1, noNaN: true }), (x) => distanceInUlp(log(x), Math.log(x)) <= 1),
    many,
  );
});

test("exp is within 1 ulp of the platform's, everywhere", () => {
  for (const x of ALL) expect(distanceInUlp(exp(x), Math.exp(x)), `exp(${x})`).toBeLessThanOrEqual(1);
  for (const range of [1e-6, 1, 10, 760]) {
    fc.assert(
      fc.property(fc.double({ min: -range, max: range, noNaN: true }), (x) => distanceInUlp(exp(x), Math.exp(x)) <= 1),
      many,
    );
  }
});

test("pow is within 2 ulp of the platform's, and agrees on every special case", () => {
  for (const x of ALL) {
    for (const y of ALL) expect(distanceInUlp(pow(x, y), Math.pow(x, y)), `pow(${x}, ${y})`).toBeLessThanOrEqual(2);
  }
  const isClose = (x: number, y: number) => distanceInUlp(pow(x, y), Math.pow(x, y)) <= 2;
  fc.assert(fc.property(fc.double(), fc.double(), isClose), many);
  fc.assert(fc.property(fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: -300, max: 300 }), isClose), many);
  fc.assert(fc.property(fc.double({ min: -20, max: 20 }), fc.integer({ min: -40, max: 40 }), isClose), many);
  const nearOne = fc.double({ min: -1e-6, max: 1e-6, noNaN: true }).map((distance) => 1 + distance);
  fc.assert(fc.property(nearOne, fc.double({ min: -1e10, max: 1e10 }), isClose), many);
});

// Quantiles to 16 digits, computed with 50.
test.each([
  [0.5, 0],
  [0.25, -0.6744897501960817],
  [0.99, 2.3263478740408408],
  [0.001, -3.090232306167813],
  [1e-9, -5.997807015007687],
  [1e-20, -9.262340089798409],
  [1 - 2 ** -33, 6.337957754553789],
])("the normal quantile of %d is %d", (p, quantile) => {
  expect(normalQuantile(p)).toBeCloseTo(quantile, p > 0.999 ? 8 : 14);
});

test("the normal quantile rises, and is odd about one half", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-15, max: 0.5, noNaN: true }), (p) => {
      const mirrored = normalQuantile(1 - p);
      // 1 − p is rounded, which moves the quantile by at most 2⁻⁵³ ÷ density; the density at p is above p.
      expect(Math.abs(normalQuantile(p) + mirrored)).toBeLessThanOrEqual(2 ** -53 / p + 1e-14);
      expect(normalQuantile(p * 0.999)).toBeLessThan(normalQuantile(p));
    }),
  );
});

// The same on every machine: these bits must never change.
test("the bits are the committed ones", () => {
  const positive = [1e-300, 1e-9, 0.1, 0.3, 0.5, 0.9999, 1.0001, 2, 3, 10, 1234.5, 1e300];
  const any = [-700, -20.5, -1, -0.3, -1e-10, 0.1, 0.5, 1, 2, 10, 100.25, 700];
  const powers = [
    [0.1, 2.5],
    [2, 0.1],
    [2, -0.5],
    [10, -3],
    [1.1, 100],
    [0.37, -0.4545],
    [7, 13.7],
    [1e-310, 0.3],
  ] as const;
  const shares = [1e-12, 1e-4, 0.01, 0.06, 0.3, 0.5, 0.8, 0.95, 0.999];
  expect({
    log: positive.map((x) => patternOf(log(x))),
    exp: any.map((x) => patternOf(exp(x))),
    pow: powers.map(([x, y]) => patternOf(pow(x, y))),
    normalQuantile: shares.map((p) => patternOf(normalQuantile(p))),
  }).toEqual(GOLDEN);
});

const GOLDEN = {
  log: [
    "c085963447f87fb5",
    "c034b927f32bffb8",
    "c0026bb1bbb55515",
    "bff34378fcbda721",
    "bfe62e42fefa39ef",
    "bf1a3738d2cf1cc2",
    "3f1a368d0657fcd4",
    "3fe62e42fefa39ef",
    "3ff193ea7aad030a",
    "40026bb1bbb55516",
    "401c79436f818745",
    "4085963447f87fb5",
  ],
  exp: [
    "00d14f2b0fb9307f",
    "3e157a3afeed00ab",
    "3fd78b56362cef38",
    "3fe7b4c869c37c05",
    "3feffffffff24190",
    "3ff1aec7b35a00d4",
    "3ffa61298e1e069c",
    "4005bf0a8b14576a",
    "401d8e64b8d4ddae",
    "40d5829dcf950560",
    "48f8c39b9134bac4",
    "7f0d945df4f8ec8e",
  ],
  pow: [
    "3f69e7c6e43390b8",
    "3ff125fbee250664",
    "3fe6a09e667f3bcc",
    "3f50624dd2f1a9fc",
    "40caea4e6126bb95",
    "3ff923f1b18c9ccc",
    "42560532981a44ba",
    "2ca0aff95cc5b0b3",
  ],
  normalQuantile: [
    "c01c234fba57a32a",
    "c00dc08bb712893a",
    "c0029c5c4630ff0e",
    "bff8e05a46d7a542",
    "bfe0c7e39582c5fa",
    "0000000000000000",
    "3feaee8fa73a1335",
    "3ffa515209676ab8",
    "4008b8cbb7204470",
  ],
};

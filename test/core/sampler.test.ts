import fc from "fast-check";
import { expect, test } from "vitest";
import type { Distribution } from "../../harness/core/distribution.ts";
import { EXPONENTIAL_EDGES } from "../../harness/core/exponential-table.ts";
import { exp } from "../../harness/core/math.ts";
import { Sampler } from "../../harness/core/sampler.ts";

const DRAWS = 200_000;

/** Ascending draws of successive keys. */
function draws(distribution: Distribution, salt = 3): Float64Array {
  const sampler = new Sampler(distribution);
  return new Float64Array(DRAWS).map((_, i) => sampler.draw(i, 2013, salt)).sort();
}

function mean(values: Float64Array, power = 1): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

/** The Kolmogorov–Smirnov distance from `share`, the theoretical share of draws up to a value. */
function distance(sorted: Float64Array, share: (ms: number) => number): number {
  return sorted.reduce((worst, ms, i) => {
    const theory = share(ms);
    return Math.max(worst, (i + 1) / sorted.length - theory, theory - i / sorted.length);
  }, 0);
}

/** Exceeded with probability 2·exp(−2·2.2²) ≈ 1.3 × 10⁻⁴ (Kolmogorov's asymptotic distribution). */
const KOLMOGOROV_LIMIT = 2.2 / Math.sqrt(DRAWS);

/** Share of an Erlang distribution up to x times the mean of one term. */
function erlangShare(k: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let i = 1; i < k; i++) sum += term *= x / i;
  return 1 - sum * Math.exp(-x);
}

/** Φ by its series; accurate to 10⁻⁷ (Abramowitz and Stegun 26.2.17), far finer than the distance asked for. */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * series;
  return z > 0 ? 1 - upper : upper;
}

const sigma = Math.log(120 / 20) / 2.3263478740408408;
const paretoScale = (10 * 1.2) / 2.2;

const THEORY: readonly {
  readonly distribution: Distribution;
  readonly meanMs: number;
  readonly variance: number;
  readonly share: (ms: number) => number;
}[] = [
  {
    distribution: { kind: "exponential", meanMs: 10 },
    meanMs: 10,
    variance: 100,
    share: (ms) => 1 - Math.exp(-ms / 10),
  },
  {
    distribution: { kind: "erlang", meanMs: 10, k: 4 },
    meanMs: 10,
    variance: 25,
    share: (ms) => erlangShare(4, ms / 2.5),
  },
  {
    distribution: { kind: "lognormal", p50Ms: 20, p99Ms: 120 },
    meanMs: 20 * Math.exp(sigma ** 2 / 2),
    variance: 400 * Math.exp(sigma ** 2) * (Math.exp(sigma ** 2) - 1),
    share: (ms) => normalShare(Math.log(ms / 20) / sigma),
  },
  {
    distribution: { kind: "pareto", meanMs: 10, alpha: 2.2 },
    meanMs: 10,
    variance: (paretoScale ** 2 * 2.2) / (1.2 ** 2 * 0.2),
    share: (ms) => 1 - (paretoScale / ms) ** 2.2,
  },
  {
    distribution: { kind: "uniform", fromMs: 2, toMs: 8 },
    meanMs: 5,
    variance: 3,
    share: (ms) => (ms - 2) / 6,
  },
];

test.each(THEORY)("$distribution.kind: mean, variance and shape are those of theory", (theory) => {
  const sorted = draws(theory.distribution);
  const sampler = new Sampler(theory.distribution);
  expect(sampler.meanMs).toBeCloseTo(theory.meanMs, 10);
  expect(sampler.isConstant).toBe(false);
  // Five standard errors of the mean.
  expect(Math.abs(mean(sorted) - theory.meanMs)).toBeLessThan(5 * Math.sqrt(theory.variance / DRAWS));
  expect(distance(sorted, theory.share)).toBeLessThan(KOLMOGOROV_LIMIT);
  // The variance has a standard error only where there is a fourth moment, which Pareto with alpha 2.2 lacks.
  if (theory.distribution.kind === "pareto") return;
  const variance = mean(
    sorted.map((ms) => ms - theory.meanMs),
    2,
  );
  const fourth = mean(
    sorted.map((ms) => ms - theory.meanMs),
    4,
  );
  expect(Math.abs(variance - theory.variance)).toBeLessThan(5 * Math.sqrt((fourth - variance ** 2) / DRAWS));
});

test("a log-normal passes through its median and its 99th percentile", () => {
  const sorted = draws({ kind: "lognormal", p50Ms: 20, p99Ms: 120 });
  const below = (ms: number) => sorted.filter((one) => one <= ms).length / DRAWS;
  expect(Math.abs(below(20) - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / DRAWS));
  expect(Math.abs(below(120) - 0.99)).toBeLessThan(5 * Math.sqrt((0.99 * 0.01) / DRAWS));
});

test("the far tail of the exponential is as heavy as theory has it", () => {
  const sorted = draws({ kind: "exponential", meanMs: 1 });
  for (const edge of [6, 7.69711747013105, 9]) {
    const expected = DRAWS * Math.exp(-edge);
    const beyond = sorted.filter((ms) => ms > edge).length;
    // Rare events are Poisson: five standard deviations and one.
    expect(Math.abs(beyond - expected), `draws beyond ${edge}`).toBeLessThan(5 * Math.sqrt(expected) + 1);
  }
});

test("the ziggurat's layers have equal areas", () => {
  const edges = EXPONENTIAL_EDGES;
  expect(edges).toHaveLength(257);
  const area = edges[0]! * exp(-edges[1]!);
  expect((edges[1]! + 1) * exp(-edges[1]!)).toBeCloseTo(area, 15);
  for (let layer = 1; layer < 256; layer++) {
    expect(edges[layer]! * (exp(-edges[layer + 1]!) - exp(-edges[layer]!))).toBeCloseTo(area, 14);
  }
});

test("samples are drawn with equal shares", () => {
  const samplesMs = [1, 1, 5, 9, 40];
  const sorted = draws({ kind: "samples", samplesMs });
  expect(new Sampler({ kind: "samples", samplesMs }).meanMs).toBe(11.2);
  for (const [ms, share] of [
    [1, 0.4],
    [5, 0.2],
    [9, 0.2],
    [40, 0.2],
  ] as const) {
    const drawn = sorted.filter((one) => one === ms).length / DRAWS;
    expect(Math.abs(drawn - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / DRAWS));
  }
});

test.each<Distribution>([
  { kind: "constant", ms: 7 },
  { kind: "uniform", fromMs: 7, toMs: 7 },
  { kind: "lognormal", p50Ms: 7, p99Ms: 7 },
  { kind: "samples", samplesMs: [7, 7] },
])("$kind without spread is known to be constant", (distribution) => {
  const sampler = new Sampler(distribution);
  expect([sampler.isConstant, sampler.meanMs, sampler.draw(1, 2, 3)]).toEqual([true, 7, 7]);
});

test("a draw depends on its key and its salt alone", () => {
  const distribution = fc.constantFrom(...THEORY.map((theory) => theory.distribution));
  const word = fc.integer();
  fc.assert(
    fc.property(distribution, word, word, word, (kind, high, low, salt) => {
      const first = new Sampler(kind).draw(high, low, salt);
      const busy = new Sampler(kind);
      busy.draw(low, high, salt);
      expect(busy.draw(high, low, salt)).toBe(first);
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThan(Infinity);
    }),
  );
});

test("the same requests draw independent times for different purposes", () => {
  const sampler = new Sampler({ kind: "exponential", meanMs: 1 });
  let product = 0;
  for (let i = 0; i < DRAWS; i++) product += (sampler.draw(i, 7, 1) - 1) * (sampler.draw(i, 7, 2) - 1);
  // A correlation of independent draws has a standard error of 1 ÷ √n.
  expect(Math.abs(product / DRAWS)).toBeLessThan(5 / Math.sqrt(DRAWS));
});

test.each<[string, Distribution]>([
  ["a negative constant", { kind: "constant", ms: -1 }],
  ["a uniform that ends before it begins", { kind: "uniform", fromMs: 5, toMs: 2 }],
  ["a log-normal with p99 below p50", { kind: "lognormal", p50Ms: 5, p99Ms: 2 }],
  ["a Pareto without a mean", { kind: "pareto", meanMs: 5, alpha: 1 }],
  ["no samples", { kind: "samples", samplesMs: [] }],
  ["half an Erlang term", { kind: "erlang", meanMs: 5, k: 0.5 }],
])("%s is our bug: the language refuses it first", (_, distribution) => {
  expect(() => new Sampler(distribution)).toThrow();
});

// Recorded runs hang on these numbers: they must never change.
test("the draws are the committed ones", () => {
  const drawn = THEORY.map(({ distribution }) => [1, 2, 3].map((i) => new Sampler(distribution).draw(i, 2013, 3)));
  expect(drawn).toEqual(GOLDEN);
});

const GOLDEN = [
  [10.575284585873074, 1.0693656409927699, 26.346248725615908],
  [3.4535341461600617, 10.3150257889696, 21.099846106674242],
  [29.200397390784726, 5.226838250725601, 24.69303121977444],
  [6.463426322157269, 23.36825411585386, 6.839713753439575],
  [6.130493358941749, 2.2443668593186885, 5.64700749120675],
];

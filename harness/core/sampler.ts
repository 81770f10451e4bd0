// Draws from a distribution by key: the same key and salt give the same duration, whatever else was drawn.
// Hot: one class for every kind, so that a call site stays monomorphic and the number unboxed.
import { assert, unreachable } from "./assert.ts";
import type { Distribution } from "./distribution.ts";
import { EXPONENTIAL_EDGES } from "./exponential-table.ts";
import { bits, unit } from "./key.ts";
import { exp, log, normalQuantile } from "./math.ts";

const CONSTANT = 0;
const EXPONENTIAL = 1;
const ERLANG = 2;
const LOGNORMAL = 3;
const PARETO = 4;
const UNIFORM = 5;
const SAMPLES = 6;

/** The standard normal quantile of 0.99. */
const NORMAL_P99 = 2.3263478740408408;

/** How far apart the salts of one draw's further words lie, far from the small integers that callers number purposes by. */
const NEXT_TRY = 0x9e3779b9;
const NEXT_TERM = 0x7f4a7c15;

export class Sampler {
  /** The expected value. */
  readonly meanMs: number;
  /** Whether every draw gives the same. */
  readonly isConstant: boolean;
  /** The mean of an exponential distribution, whose draws are this × `exponentialOf`; null for any other. */
  readonly exponentialMeanMs: number | null;
  readonly #kind: number;
  /**
   * [base, shape]. Base, by kind: the value; mean; mean of one term; median; scale; lower end. Shape: number of terms;
   * sigma; −1 ÷ alpha; width; number of samples. In an array of their own they are numbers for V8 wherever they go;
   * fields that are integers in one sampler and not in another would be objects, and so would be what is drawn.
   */
  readonly #parameters: Float64Array;
  readonly #samples: Float64Array;

  /** Asserts what the language has checked: finite parameters, no negative times, `alpha` > 1, `k` ≥ 1, 0 < p50 ≤ p99. */
  constructor(distribution: Distribution) {
    let kind = CONSTANT;
    let mean = 0;
    let base = 0;
    let shape = 0;
    let samples: readonly number[] = [];
    switch (distribution.kind) {
      case "constant":
        mean = base = distribution.ms;
        break;
      case "exponential":
        kind = EXPONENTIAL;
        mean = base = distribution.meanMs;
        break;
      case "erlang":
        kind = ERLANG;
        shape = distribution.k;
        assert(Number.isInteger(shape) && shape >= 1, "an Erlang distribution is the sum of a whole number of terms");
        mean = distribution.meanMs;
        base = mean / shape;
        break;
      case "lognormal":
        kind = LOGNORMAL;
        base = distribution.p50Ms;
        assert(base > 0 && distribution.p99Ms >= base, "a log-normal needs a median above 0 and a p99 not below it");
        shape = log(distribution.p99Ms / base) / NORMAL_P99;
        mean = base * exp(0.5 * shape * shape);
        break;
      case "pareto":
        kind = PARETO;
        assert(distribution.alpha > 1, "a Pareto distribution has a mean only where alpha > 1");
        mean = distribution.meanMs;
        base = (mean * (distribution.alpha - 1)) / distribution.alpha;
        shape = -1 / distribution.alpha;
        break;
      case "uniform":
        kind = UNIFORM;
        base = distribution.fromMs;
        shape = distribution.toMs - base;
        assert(shape >= 0, "a uniform distribution ends where it begins or later");
        mean = base + 0.5 * shape;
        break;
      case "samples":
        kind = SAMPLES;
        samples = distribution.samplesMs;
        shape = samples.length;
        assert(shape > 0 && samples.every((ms) => ms >= 0), "samples are at least one time, and none is negative");
        mean = samples.reduce((sum, ms) => sum + ms, 0) / shape;
        break;
      default:
        unreachable(distribution);
    }
    assert(mean >= 0 && mean < Infinity && base >= 0, "a duration is finite and not negative");
    this.meanMs = mean;
    this.exponentialMeanMs = kind === EXPONENTIAL ? base : null;
    this.#kind = kind;
    this.#parameters = Float64Array.of(base, shape);
    this.#samples = new Float64Array(samples);
    const hasNoSpread = (kind === LOGNORMAL || kind === UNIFORM) && shape === 0;
    const isOneSample = kind === SAMPLES && samples.every((ms) => ms === samples[0]);
    this.isConstant = kind === CONSTANT || mean === 0 || hasNoSpread || isOneSample;
  }

  /** Milliseconds: the draw of purpose `salt` at this key. */
  draw(high: number, low: number, salt: number): number {
    const base = this.#parameters[0]!;
    const shape = this.#parameters[1]!;
    switch (this.#kind) {
      case CONSTANT:
        return base;
      case EXPONENTIAL:
        return base * standardExponential(high, low, salt);
      case ERLANG: {
        let sum = 0;
        for (let term = 0; term < shape; term++) {
          sum += standardExponential(high, low, (salt + Math.imul(term, NEXT_TERM)) | 0);
        }
        return base * sum;
      }
      case LOGNORMAL:
        return base * exp(shape * normalQuantile(unit(high, low, salt)));
      case PARETO:
        return base * exp(shape * log(unit(high, low, salt)));
      case UNIFORM:
        return base + shape * unit(high, low, salt);
      default:
        return this.#samples[Math.floor(unit(high, low, salt) * shape)]!;
    }
  }
}

/** 2⁻²⁴: 24 bits as a share of a layer. */
const ACROSS = 5.9604644775390625e-8;
const HEIGHTS = EXPONENTIAL_EDGES.map((edge) => exp(-edge));
const TAIL = EXPONENTIAL_EDGES[1]!;

/** The exponential distribution with mean 1, by ziggurat. */
function standardExponential(high: number, low: number, salt: number): number {
  return exponentialOf(bits(high, low, salt), high, low, salt);
}

/**
 * The draw of the standard exponential distribution whose first word is `bits(high, low, salt)`: its low 8 bits choose a
 * layer, the other 24 a point across it, and nearly always that point lies under the curve.
 */
export function exponentialOf(word: number, high: number, low: number, salt: number): number {
  const layer = word & 255;
  const x = ((word >>> 8) + 0.5) * ACROSS * EXPONENTIAL_EDGES[layer]!;
  return x < EXPONENTIAL_EDGES[layer + 1]! ? x : decideExponential(word, high, low, salt);
}

/** One more word decides, or the next salt tries again. */
function decideExponential(first: number, high: number, low: number, salt: number): number {
  for (let word = first; ; word = bits(high, low, salt)) {
    const layer = word & 255;
    const x = ((word >>> 8) + 0.5) * ACROSS * EXPONENTIAL_EDGES[layer]!;
    if (x < EXPONENTIAL_EDGES[layer + 1]!) return x;
    salt = (salt + NEXT_TRY) | 0;
    const random = unit(high, low, salt);
    if (layer === 0) return TAIL - log(random);
    const floor = HEIGHTS[layer]!;
    if (floor + random * (HEIGHTS[layer + 1]! - floor) < exp(-x)) return x;
    salt = (salt + NEXT_TRY) | 0;
  }
}

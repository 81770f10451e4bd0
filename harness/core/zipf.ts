// Ranks of popularity by Zipf's law: rank k of n is drawn in proportion to k^−s. Exact, in constant memory and time.
// Source: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
// ACM TOMACS 6 (1996) 169–184; names as in Apache Commons RNG's RejectionInversionZipfSampler.
import { assert } from "./assert.ts";
import { unit } from "./key.ts";
import { exp, log } from "./math.ts";

/** So near to 1 the integral of x^−s is the logarithm: the difference is below the grain of a draw. */
const NEAR_ONE = 1e-9;

/** How far apart the salts of one draw's tries lie. */
const NEXT_TRY = 0x3c6ef372;

export class Zipf {
  /** How many ranks there are. */
  readonly count: number;
  readonly #exponent: number;
  readonly #integralOfFirst: number;
  readonly #integralOfAll: number;
  /** Points so close above their rank lie under its bar, whatever the rank. */
  readonly #sure: number;

  /** `exponent` is the s of Zipf's law: 0 makes all ranks alike. */
  constructor(count: number, exponent: number) {
    assert(Number.isInteger(count) && count >= 1, "there is at least one rank");
    assert(exponent >= 0 && exponent < Infinity, "an exponent of Zipf's law is not negative");
    this.count = count;
    this.#exponent = Math.abs(exponent - 1) < NEAR_ONE ? 1 : exponent;
    this.#integralOfFirst = this.#integral(1.5) - 1;
    this.#integralOfAll = this.#integral(count + 0.5);
    this.#sure = 2 - this.#inverse(this.#integral(2.5) - this.#weight(2));
  }

  /** The rank, from 1 to `count`, that purpose `salt` draws at this key. */
  rank(high: number, low: number, salt: number): number {
    for (;;) {
      const area = this.#integralOfAll + unit(high, low, salt) * (this.#integralOfFirst - this.#integralOfAll);
      const x = this.#inverse(area);
      const rank = Math.min(this.count, Math.max(1, Math.floor(x + 0.5)));
      if (rank - x <= this.#sure || area >= this.#integral(rank + 0.5) - this.#weight(rank)) return rank;
      salt = (salt + NEXT_TRY) | 0;
    }
  }

  /** x^−s. */
  #weight(x: number): number {
    return exp(-this.#exponent * log(x));
  }

  /** The integral of y^−s from 1 to x. */
  #integral(x: number): number {
    const s = this.#exponent;
    return s === 1 ? log(x) : (exp((1 - s) * log(x)) - 1) / (1 - s);
  }

  #inverse(area: number): number {
    const s = this.#exponent;
    if (s === 1) return exp(area);
    return exp(log(Math.max(0, 1 + area * (1 - s))) / (1 - s));
  }
}

// What is held against one endpoint: failures in a row, and a success rate that forgets. Either may mark it dead, for a
// time that grows until a probe of it succeeds.
// Source: Finagle `FailureAccrualPolicy` (consecutiveFailures, successRateWithinDuration, orElse: both are always asked,
// and the longer time holds), `util/Ema`, `Backoff.equalJittered`, and twitter/util `WindowedAdder` with its five slices.
import { unit } from "../core/key.ts";
import { exp, pow } from "../core/math.ts";
import type { FailureAccrualPlan } from "../model/call-plan.ts";

const SLICES = 5;

/** Salts of the draws, by policy: far enough apart for any number of deaths. */
const CONSECUTIVE = 0x3f2a_0000;
const RATE = 0x6b1c_0000;

export class AccruedFailures {
  readonly #plan: FailureAccrualPlan;
  readonly #high: number;
  readonly #low: number;
  #inRow = 0;
  /** Times that each policy has marked it dead since it was last alive. */
  #deathsInRow = 0;
  #deathsByRate = 0;
  /** Since when the rate is measured: from the endpoint's first day, or its last revival. */
  #sinceMs: number;
  /** The rate as of the last result; NaN before the first. */
  #rate = NaN;
  #ratedMs = 0;
  /** Results by slice of the window, the newest first; a slice begins when the one before is seen to be over. */
  readonly #slices = new Float64Array(SLICES);
  #sliceMs: number;

  /** `high` and `low` are the key of the caller's draws about this endpoint. */
  constructor(plan: FailureAccrualPlan, nowMs: number, high: number, low: number) {
    this.#plan = plan;
    this.#high = high;
    this.#low = low;
    this.#sinceMs = this.#sliceMs = nowMs;
  }

  succeeded(nowMs: number): void {
    this.#inRow = 0;
    if (this.#plan.successRate !== null) this.#rated(nowMs, 1, this.#plan.successRate.windowMs);
  }

  /** For how long it is dead, in ms; 0 = not. */
  failed(nowMs: number): number {
    const { consecutiveFailures, successRate } = this.#plan;
    this.#inRow++;
    let deadMs = 0;
    if (consecutiveFailures !== null && this.#inRow >= consecutiveFailures)
      deadMs = this.#deadMs(this.#deathsInRow++, CONSECUTIVE);
    if (successRate === null) return deadMs;
    const { required, windowMs, minimumRequests } = successRate;
    const rate = this.#rated(nowMs, 0, windowMs);
    if (nowMs - this.#sinceMs < windowMs || rate >= required || this.#requests() < minimumRequests) return deadMs;
    return Math.max(deadMs, this.#deadMs(this.#deathsByRate++, RATE));
  }

  /** A probe succeeded: everything before is forgotten. */
  revived(nowMs: number): void {
    this.#inRow = this.#deathsInRow = this.#deathsByRate = 0;
    this.#rate = NaN;
    this.#slices.fill(0);
    this.#sinceMs = this.#sliceMs = nowMs;
  }

  /** An exponentially weighted mean over time: what is a window old counts 1/e of what is new. */
  #rated(nowMs: number, result: 0 | 1, windowMs: number): number {
    this.#counted(nowMs, windowMs / SLICES);
    const weight = Number.isNaN(this.#rate) ? 0 : exp((this.#ratedMs - nowMs) / windowMs);
    this.#ratedMs = nowMs;
    this.#rate = weight === 0 ? result : result * (1 - weight) + this.#rate * weight;
    return this.#rate;
  }

  #counted(nowMs: number, sliceMs: number): void {
    const passed = Math.floor((nowMs - this.#sliceMs) / sliceMs);
    if (passed > 0) {
      this.#slices.copyWithin(Math.min(passed, SLICES), 0);
      this.#slices.fill(0, 0, Math.min(passed, SLICES));
      this.#sliceMs = nowMs;
    }
    this.#slices[0]!++;
  }

  #requests(): number {
    return this.#slices.reduce((sum, count) => sum + count, 0);
  }

  /** The first time exactly `initial`, then initial × 2^(n − 1) and as much again at most by chance. */
  #deadMs(deaths: number, salt: number): number {
    const { initialMs, maxMs } = this.#plan.markDeadFor;
    if (deaths === 0) return Math.min(initialMs, maxMs);
    const halfMs = initialMs * pow(2, Math.min(deaths - 1, 52));
    return Math.min(maxMs, halfMs * (1 + unit(this.#high, this.#low, (salt + deaths) | 0)));
  }
}

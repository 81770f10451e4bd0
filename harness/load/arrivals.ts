// When the requests of an open load arrive, by inverting the integrated rate: arrivals at a constant rate of one are
// drawn first and then carried to the moment at which the integral of the real rate has reached them. So a change of
// the rate moves arrivals in time but never reorders or replaces a draw.
// Source: Cinlar, Introduction to Stochastic Processes (1975), the inversion method for non-homogeneous Poisson processes.
import { assert } from "../core/assert.ts";
import { log } from "../core/math.ts";
import { Stream } from "../core/stream.ts";
import type { LoadPlan } from "../model/load-plan.ts";

/** Indices into the state of a load's arrivals. */
const NEXT_MS = 0;
/** Arrivals expected from the start of the current segment to the next arrival. */
const AHEAD = 1;
/** Of the current segment, beside the tables because every arrival reads it. */
const START_MS = 2;
const END_MS = 3;
const RATE_PER_MS = 4;
const SLOPE = 5;
const AREA = 6;
const STATE_WIDTH = 16;

export class Arrivals {
  /** Number of the next arrival, from 0. */
  index = 0;
  readonly #isPoisson: boolean;
  readonly #random: Stream;
  /** The segments that begin at the corners: start, rate per ms at the start, change of the rate per ms², expected arrivals in all. */
  readonly #startMs: Float64Array;
  readonly #ratePerMs: Float64Array;
  readonly #slope: Float64Array;
  readonly #area: Float64Array;
  #segment = 0;
  readonly #state = new Float64Array(STATE_WIDTH);

  /** The draws come from the run's stream `load/<name>/arrivals`, so that no other load and no variant moves them. */
  constructor(plan: LoadPlan, seed: number) {
    const corners = plan.rate;
    assert(corners.length > 0 && corners[0]!.atMs === 0, "a rate is known from the start of the run");
    this.#isPoisson = plan.arrivals === "poisson";
    this.#random = new Stream(seed, `load/${plan.name}/arrivals`);
    this.#startMs = Float64Array.from(corners, (corner) => corner.atMs);
    this.#ratePerMs = Float64Array.from(corners, (corner) => corner.ratePerSecond / 1000);
    this.#slope = new Float64Array(corners.length);
    this.#area = new Float64Array(corners.length).fill(Infinity);
    for (let i = 0; i + 1 < corners.length; i++) {
      const lengthMs = this.#startMs[i + 1]! - this.#startMs[i]!;
      assert(lengthMs >= 0, "the corners of a rate are in order of time");
      this.#slope[i] = lengthMs === 0 ? 0 : (this.#ratePerMs[i + 1]! - this.#ratePerMs[i]!) / lengthMs;
      this.#area[i] = (lengthMs * (this.#ratePerMs[i]! + this.#ratePerMs[i + 1]!)) / 2;
    }
    this.#enter();
    // Constant arrivals begin at a random phase, else two loads of the same rate would arrive at the same instants.
    this.#draw(this.#isPoisson ? exponential(this.#random.next()) : this.#random.next());
  }

  /** Run time of the next arrival; Infinity where the rate is zero for ever. */
  nextMs(): number {
    return this.#state[NEXT_MS]!;
  }

  /** The next arrival has happened. */
  advance(): void {
    this.index++;
    this.#draw(this.#isPoisson ? exponential(this.#random.next()) : 1);
  }

  /** Moves on to the moment until which `more` further arrivals are expected. */
  #draw(more: number): void {
    const state = this.#state;
    let ahead = state[AHEAD]! + more;
    while (ahead > state[AREA]!) {
      ahead -= state[AREA]!;
      this.#segment++;
      this.#enter();
    }
    state[AHEAD] = ahead;
    const rate = state[RATE_PER_MS]!;
    const passedMs = state[SLOPE] === 0 && rate > 0 ? ahead / rate : this.#timeTo(ahead);
    const nextMs = state[START_MS]! + passedMs;
    // Rounding must not carry an arrival past the corner, where the next one may already be.
    state[NEXT_MS] = nextMs < state[END_MS]! ? nextMs : state[END_MS]!;
  }

  #enter(): void {
    const segment = this.#segment;
    this.#state[START_MS] = this.#startMs[segment]!;
    this.#state[END_MS] = this.#startMs[segment + 1] ?? Infinity;
    this.#state[RATE_PER_MS] = this.#ratePerMs[segment]!;
    this.#state[SLOPE] = this.#slope[segment]!;
    this.#state[AREA] = this.#area[segment]!;
  }

  /** Solves rate × t + slope × t² ÷ 2 = ahead for t, in the form that loses no digits. */
  #timeTo(ahead: number): number {
    const rate = this.#state[RATE_PER_MS]!;
    const slope = this.#state[SLOPE]!;
    if (slope === 0) return Infinity;
    const root = rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * ahead));
    return root === 0 ? 0 : (2 * ahead) / root;
  }
}

/** Exponential with mean 1, of a uniform draw in [0, 1). */
function exponential(draw: number): number {
  return -log(1 - draw);
}

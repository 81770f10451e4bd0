// The people whom faults add to a load: for each fault a stream of arrivals of its own, at the load's rate times what is
// added. So those who come anyway come when they would have come, and are the same people.
import { hashText, mixHigh, mixLow, unit } from "../core/key.ts";
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { strengthOf } from "../faults/schedule.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { Plan } from "../model/plan.ts";
import { FAULT, FAULT_WIDTH } from "../signals/columns.ts";
import type { Tally } from "../signals/tally.ts";

/** Numbers of added arrivals lie above those of all others, and those of one fault above those of another. */
const FIRST_ADDED = 0x40000000;
const PER_FAULT = 0x400000;
const RAMP = hashText("actor/surges/ramp");

interface Surge {
  readonly timeline: number;
  readonly sinceMs: number;
  readonly rampMs: number | undefined;
  readonly name: number;
  readonly arrivals: Arrivals;
}

export class Surges {
  readonly #plan: Plan;
  readonly #load: number;
  readonly #tally: Tally;
  #surges: readonly Surge[] = [];
  /** After `shift`: the key of the arrival, and its number. */
  high = 0;
  low = 0;
  index = 0;

  /** `load`: its index in the plan. */
  constructor(plan: Plan, load: number, tally: Tally) {
    this.#plan = plan;
    this.#load = load;
    this.#tally = tally;
  }

  /** The disturbances in force from now on; those of other loads are left alone. */
  disturb(active: readonly ActiveDisturbance[]): void {
    const before = this.#surges;
    this.#surges = active.flatMap(({ timeline, disturbance, scope, sinceMs = 0, rampMs }): Surge[] => {
      if (disturbance.on !== "load" || scope.on.type !== "load" || scope.on.load !== this.#load) return [];
      const known = before.find((each) => each.timeline === timeline && each.sinceMs === sinceMs);
      return [known ?? this.#begin(timeline, disturbance.times, sinceMs, rampMs)];
    });
  }

  /** When the next added arrival is due; Infinity = none is. */
  nextMs(): number {
    let nextMs = Infinity;
    for (const { arrivals } of this.#surges) nextMs = Math.min(nextMs, arrivals.nextMs());
    return nextMs;
  }

  /** Takes the arrival that is due first. */
  shift(): void {
    const dueMs = this.nextMs();
    const surge = this.#surges.find(({ arrivals }) => arrivals.nextMs() === dueMs)!;
    const { timeline, name, arrivals } = surge;
    this.index = FIRST_ADDED + timeline * PER_FAULT + arrivals.index;
    this.high = mixHigh(this.#plan.seed, name, arrivals.index);
    this.low = mixLow(this.#plan.seed, name, arrivals.index);
    this.#tally.faults[this.#tally.layout.faultRow[timeline]! * FAULT_WIDTH + FAULT.hits]!++;
    arrivals.advance();
    this.#skip(surge);
  }

  #begin(timeline: number, times: number, sinceMs: number, rampMs: number | undefined): Surge {
    const load = this.#plan.loads[this.#load]!;
    const name = `${load.name}/surge/${timeline}`;
    const rate = load.rate.map(({ atMs, ratePerSecond }) => ({ atMs, ratePerSecond: ratePerSecond * (times - 1) }));
    const arrivals = new Arrivals({ ...load, name, rate }, this.#plan.seed);
    const surge = { timeline, sinceMs, rampMs, name: hashText(name), arrivals };
    this.#skip(surge);
    return surge;
  }

  /** Passes over those who would have come before the fault began, and while it ramps up those who stay at home. */
  #skip({ sinceMs, rampMs, name, arrivals }: Surge): void {
    for (let dueMs = arrivals.nextMs(); dueMs < Infinity; dueMs = arrivals.nextMs()) {
      const strength = strengthOf(dueMs - sinceMs, rampMs);
      if (dueMs >= sinceMs && (strength === 1 || unit(name, arrivals.index, RAMP) < strength)) return;
      arrivals.advance();
    }
  }
}

// What an arrival does: one of the load's journeys, chosen by their shares.
import { assert } from "../core/assert.ts";
import { hashText, unit } from "../core/key.ts";
import type { LoadPlan } from "../model/load-plan.ts";

const PURPOSE = hashText("load/journey-mix");

export class JourneyMix {
  readonly #journeys: Int32Array;
  /** By position: the share of this journey and of all before it. */
  readonly #upTo: Float64Array;

  constructor(mix: LoadPlan["mix"]) {
    assert(mix.length > 0, "a load goes on some journey");
    let upTo = 0;
    this.#journeys = Int32Array.from(mix, (entry) => entry.journey);
    this.#upTo = Float64Array.from(mix, (entry) => (upTo += entry.share));
  }

  /** The journey index for the request of this key. */
  choose(high: number, low: number): number {
    const last = this.#journeys.length - 1;
    if (last === 0) return this.#journeys[0]!;
    const draw = unit(high, low, PURPOSE);
    let position = 0;
    while (position < last && draw >= this.#upTo[position]!) position++;
    return this.#journeys[position]!;
  }
}

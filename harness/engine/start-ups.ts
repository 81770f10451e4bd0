// How long each start takes: drawn by key, so the n-th start of an instance takes as long whatever else happens.
import { hashText, mixHigh, mixLow } from "../core/key.ts";
import { Sampler } from "../core/sampler.ts";
import type { Plan } from "../model/plan.ts";
import type { InstanceRef } from "../model/route.ts";

export class StartUps {
  readonly #samplers: readonly (readonly Sampler[])[];
  readonly #high: number;
  readonly #low: number;
  /** How many times as long as usual an instance takes that starts now. */
  slownessOf: (instance: Omit<InstanceRef, "id" | "generation">) => number = () => 1;

  constructor(plan: Plan) {
    this.#samplers = plan.services.map(({ variants }) => variants.map(({ startupMs }) => new Sampler(startupMs)));
    this.#high = plan.seed | 0;
    this.#low = hashText("start-up");
  }

  /** Milliseconds from the start of this generation of an instance until it is ready. */
  draw(instance: number, generation: number, service: number, variant: number, zone: number): number {
    const high = mixHigh(this.#high, this.#low, instance);
    const low = mixLow(this.#high, this.#low, instance);
    return this.#samplers[service]![variant]!.draw(high, low, generation) * this.slownessOf({ service, variant, zone });
  }
}

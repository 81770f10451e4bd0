// How dead instances come back: how long they wait before (one back-off an instance, its jitter drawn by key), and as what.
import { hashText, mixHigh, mixLow, unit } from "../core/key.ts";
import type { Plan } from "../model/plan.ts";
import type { InstanceRef } from "../model/route.ts";
import { RestartBackoff } from "../service/restart-backoff.ts";

export class Restarts {
  readonly #plan: Plan;
  readonly #high: number;
  readonly #low: number;
  /** By instance id, from its first death on. */
  readonly #backoffs = new Map<number, RestartBackoff>();

  /** By instance id: the variant that it comes back as, where that is another. */
  readonly #variants = new Map<number, number>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#high = plan.seed | 0;
    this.#low = hashText("restart");
  }

  /** Milliseconds from the death of this life until the next one starts. */
  delayMs(nowMs: number, { id, generation, service, variant }: InstanceRef): number {
    const plan = this.#plan.services[service]!.variants[variant]!.life?.restart.backoff ?? null;
    if (plan === null) return 0;
    let backoff = this.#backoffs.get(id);
    if (backoff === undefined) this.#backoffs.set(id, (backoff = new RestartBackoff(plan)));
    const high = mixHigh(this.#high, this.#low, id);
    const low = mixLow(this.#high, this.#low, id);
    return backoff.died(nowMs, unit(high, low, generation));
  }

  /** The next life of this instance is of this variant. */
  become(id: number, variant: number): void {
    this.#variants.set(id, variant);
  }

  /** The instance as it comes back. */
  reborn(ref: InstanceRef): InstanceRef {
    const variant = this.#variants.get(ref.id);
    this.#variants.delete(ref.id);
    return variant === undefined ? ref : { ...ref, variant };
  }

  forget(id: number): void {
    this.#variants.delete(id);
    this.#backoffs.delete(id);
  }
}

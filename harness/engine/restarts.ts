// How long dead instances wait before they start again: one back-off an instance, its jitter drawn by key.
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

  forget(id: number): void {
    this.#backoffs.delete(id);
  }
}

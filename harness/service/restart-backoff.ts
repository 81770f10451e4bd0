// How long a dead instance waits before it is started again: Kubernetes' crash loop back-off. The first death costs
// nothing, the next ones `initial`, doubled up to `max`, until it has lived for `resetAfter`.
// Source: kubelet doBackOff over client-go util/flowcontrol/backoff.go (10 s, 300 s, reset after twice the maximum).
import { unreachable } from "../core/assert.ts";
import type { RestartBackoffPlan } from "../model/life-plan.ts";

export class RestartBackoff {
  readonly #plan: RestartBackoffPlan;
  /** What the next death costs before jitter; 0 = there was none yet. */
  #nextMs = 0;
  #startedMs = -Infinity;

  constructor(plan: RestartBackoffPlan) {
    this.#plan = plan;
  }

  /** The instance died at `nowMs`; it starts again after this many milliseconds. `random` is uniform in (0, 1). */
  died(nowMs: number, random: number): number {
    const { initialMs, maxMs, multiplier, resetAfterMs } = this.#plan;
    const isAnew = nowMs - this.#startedMs > resetAfterMs;
    const delayMs = isAnew ? 0 : this.#jittered(this.#nextMs, random);
    this.#nextMs = isAnew ? Math.min(initialMs, maxMs) : Math.min(this.#nextMs * multiplier, maxMs);
    this.#startedMs = nowMs + delayMs;
    return delayMs;
  }

  #jittered(delayMs: number, random: number): number {
    const { jitter } = this.#plan;
    switch (jitter) {
      case "none":
        return delayMs;
      case "full":
        return delayMs * random;
      case "equal":
        return (delayMs * (1 + random)) / 2;
      default:
        return unreachable(jitter);
    }
  }
}

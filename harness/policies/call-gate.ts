// What a call passes before its first attempt: the throttle, then the rate limiter.
import type { CallPlan } from "../model/call-plan.ts";
import { RATE_LIMIT, SHED } from "../model/outcome.ts";
import { REFUSED_TURN, RateLimiter } from "./rate-limiter.ts";
import { Throttle } from "./throttle.ts";

export class CallGate {
  readonly throttle: Throttle | null;
  readonly #limiter: RateLimiter | null;

  constructor({ throttle, rateLimiter }: CallPlan) {
    this.throttle = throttle === undefined ? null : new Throttle(throttle);
    this.#limiter = rateLimiter === undefined ? null : new RateLimiter(rateLimiter);
  }

  /** How long the call of this key has to wait, in ms, 0 = not at all; where it is refused, the negative of its cause. */
  enter(nowMs: number, high: number, low: number): number {
    if (this.throttle !== null && !this.throttle.admits(nowMs, high, low)) return -SHED;
    if (this.#limiter === null) return 0;
    const waitMs = this.#limiter.reserve(nowMs);
    return waitMs === REFUSED_TURN ? -RATE_LIMIT : waitMs;
  }

  /** A call that was let in has ended. */
  ended(nowMs: number, cause: number): void {
    this.throttle?.ended(nowMs, cause);
  }
}

/** The gate of a plan that has one. */
export function gateOf(plan: CallPlan): CallGate | null {
  return plan.throttle === undefined && plan.rateLimiter === undefined ? null : new CallGate(plan);
}

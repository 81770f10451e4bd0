// The rate limiter beside Resilience4j's AtomicRateLimiter, written down again as it stands there, in nanoseconds.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RateLimiterPlan } from "../../harness/model/call-plan.ts";
import { OK } from "../../harness/model/outcome.ts";
import { RateLimiter, rateLimiterSchema, REFUSED_TURN } from "../../harness/policies/rate-limiter.ts";
import { callPlan, LoneCall, OWN } from "./lone-call.ts";

const plan = (changes: Partial<RateLimiterPlan> = {}): RateLimiterPlan => ({
  limitForPeriod: 2,
  limitRefreshPeriodMs: 100,
  timeoutMs: 0,
  ...changes,
});

/** `AtomicRateLimiter.reservePermission`: nanoseconds to wait, or −1. */
class AtomicRateLimiter {
  readonly #limit: bigint;
  readonly #cycle: bigint;
  readonly #timeout: bigint;
  #activeCycle = 0n;
  #activePermissions: bigint;

  constructor({ limitForPeriod, limitRefreshPeriodMs, timeoutMs }: RateLimiterPlan) {
    this.#limit = BigInt(limitForPeriod);
    this.#cycle = BigInt(limitRefreshPeriodMs) * 1_000_000n;
    this.#timeout = BigInt(timeoutMs) * 1_000_000n;
    this.#activePermissions = this.#limit;
  }

  reservePermission(currentNanos: bigint): bigint {
    const currentCycle = currentNanos / this.#cycle;
    let permissions = this.#activePermissions;
    if (this.#activeCycle !== currentCycle) {
      const accumulated = permissions + (currentCycle - this.#activeCycle) * this.#limit;
      permissions = accumulated < this.#limit ? accumulated : this.#limit;
    }
    const toWait = this.#nanosToWait(permissions, currentNanos, currentCycle);
    this.#activeCycle = currentCycle;
    this.#activePermissions = this.#timeout >= toWait ? permissions - 1n : permissions;
    return this.#timeout >= toWait ? toWait : -1n;
  }

  #nanosToWait(available: bigint, currentNanos: bigint, currentCycle: bigint): bigint {
    if (available >= 1n) return 0n;
    const toNextCycle = (currentCycle + 1n) * this.#cycle - currentNanos;
    const missing = -(available + this.#limit - 1n);
    const fullCycles = missing <= 0n ? 0n : (missing + this.#limit - 1n) / this.#limit;
    return fullCycles * this.#cycle + toNextCycle;
  }
}

describe("a rate limiter", () => {
  it("decides as Resilience4j's does, over generated histories", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(10, 100),
        fc.constantFrom(0, 35, 1000),
        (gapsMs, limitForPeriod, limitRefreshPeriodMs, timeoutMs) => {
          const each = plan({ limitForPeriod, limitRefreshPeriodMs, timeoutMs });
          const ours = new RateLimiter(each);
          const theirs = new AtomicRateLimiter(each);
          let nowMs = 0;
          const waits = gapsMs.map((gapMs) => {
            nowMs += gapMs;
            return ours.reserve(nowMs);
          });
          nowMs = 0;
          const expected = gapsMs.map((gapMs) => {
            nowMs += gapMs;
            const nanos = theirs.reservePermission(BigInt(nowMs) * 1_000_000n);
            return nanos < 0n ? REFUSED_TURN : Number(nanos) / 1e6;
          });
          expect(waits).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("lets calls out at their turn, and refuses what would wait for too long", () => {
    const call = new LoneCall(callPlan({ rateLimiter: plan({ timeoutMs: 150 }) }));
    for (let key = 0; key < 6; key++) call.begin({ key });
    call.pass(1000);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 0, 100, 100]);
    expect(call.finished.map(({ cause, origin }) => [cause, origin])).toEqual([
      ["rejected(rateLimit)", [OWN, "rejected(rateLimit)"]],
      ["rejected(rateLimit)", [OWN, "rejected(rateLimit)"]],
    ]);
  });

  it("does not hold a call longer than the call may take", () => {
    const call = new LoneCall(callPlan({ timeoutMs: 50, rateLimiter: plan({ timeoutMs: 500 }) }));
    for (let key = 0; key < 3; key++) call.begin({ key });
    call.answer(OK, 0);
    call.answer(OK, 1);
    call.pass(1000);
    expect(call.sent).toHaveLength(2);
    expect(call.finished.at(-1)).toMatchObject({ atMs: 50, cause: "timeout", origin: [OWN, "rejected(rateLimit)"] });
  });

  it("has Resilience4j's defaults, but for a period that can be felt", () => {
    expect(rateLimiterSchema.parse({})).toEqual(
      plan({ limitForPeriod: 50, limitRefreshPeriodMs: 1000, timeoutMs: 5000 }),
    );
    expect(rateLimiterSchema.safeParse({ limitRefreshPeriod: "0s" }).success).toBe(false);
  });
});

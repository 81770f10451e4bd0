import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { RestartBackoffPlan } from "../../harness/model/life-plan.ts";
import { RestartBackoff } from "../../harness/service/restart-backoff.ts";

const kubernetes: RestartBackoffPlan = {
  initialMs: 10_000,
  maxMs: 300_000,
  multiplier: 2,
  resetAfterMs: 600_000,
  jitter: "none",
};

describe("the crash loop of Kubernetes", () => {
  it("restarts at once, then after 10 s, 20 s, 40 s and so on, at most 300 s", () => {
    const backoff = new RestartBackoff(kubernetes);
    let nowMs = 0;
    const delays = Array.from({ length: 9 }, () => {
      const delayMs = backoff.died((nowMs += 1000), 0.5);
      nowMs += delayMs;
      return delayMs / 1000;
    });
    expect(delays).toEqual([0, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it("begins anew for one that lived for more than ten minutes", () => {
    const backoff = new RestartBackoff(kubernetes);
    expect([backoff.died(0, 0), backoff.died(1000, 0)]).toEqual([0, 10_000]);
    // Started at 11 s: ten minutes later it is still remembered, and forgotten after that.
    expect(backoff.died(611_000, 0)).toBe(20_000);
    expect(backoff.died(631_000 + 600_001, 0)).toBe(0);
    expect(backoff.died(631_000 + 600_002, 0)).toBe(10_000);
  });

  test("is what the kubelet's code does, for every history of lives", () => {
    const lives = fc.array(fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 590, max: 610 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(lives, (lifeSeconds) => {
        const backoff = new RestartBackoff(kubernetes);
        const kubelet = new Kubelet();
        let nowMs = 0;
        for (const life of lifeSeconds) {
          nowMs += life * 1000;
          const restartMs = kubelet.restartMs(nowMs);
          expect(backoff.died(nowMs, 0.5)).toBe(restartMs - nowMs);
          nowMs = restartMs;
        }
      }),
    );
  });
});

test("jitter shortens the wait and never the ones that follow", () => {
  const full = new RestartBackoff({ ...kubernetes, jitter: "full" });
  const equal = new RestartBackoff({ ...kubernetes, jitter: "equal" });
  expect([0.25, 0.25, 0.25].map((random) => full.died(0, random))).toEqual([0, 2500, 5000]);
  expect([0.25, 0.25, 0.25].map((random) => equal.died(0, random))).toEqual([0, 6250, 12_500]);
});

/**
 * doBackOff of the kubelet over flowcontrol.Backoff of client-go, as they read: an entry per container, asked again
 * and again until it is no longer in its back-off.
 */
class Kubelet {
  #entry: { backoffMs: number; updatedMs: number } | null = null;

  restartMs(diedMs: number): number {
    let nowMs = diedMs;
    while (this.#isInBackOffSince(diedMs, nowMs)) nowMs += 500;
    this.#next(diedMs, nowMs);
    return nowMs;
  }

  #isInBackOffSince(eventMs: number, nowMs: number): boolean {
    const entry = this.#entry;
    if (entry === null || eventMs - entry.updatedMs > 2 * kubernetes.maxMs) return false;
    return nowMs - eventMs < entry.backoffMs;
  }

  #next(eventMs: number, nowMs: number): void {
    const entry = this.#entry;
    if (entry === null || eventMs - entry.updatedMs > 2 * kubernetes.maxMs)
      this.#entry = { backoffMs: kubernetes.initialMs, updatedMs: nowMs };
    else this.#entry = { backoffMs: Math.min(2 * entry.backoffMs, kubernetes.maxMs), updatedMs: nowMs };
  }
}

import { describe, expect, it } from "vitest";
import { ERROR, OK, OVERLOAD, TIMEOUT, WRONG } from "../../harness/model/outcome.ts";
import type { ThrottlePlan } from "../../harness/model/call-plan.ts";
import { Throttle, throttleSchema } from "../../harness/policies/throttle.ts";
import { atPace } from "../../harness/schema/at-pace.ts";
import { atOnce, callPlan, LoneCall } from "./lone-call.ts";

const plan = (changes: Partial<ThrottlePlan> = {}): ThrottlePlan => ({
  k: 2,
  windowMs: 120_000,
  maxRejectionRatio: 0.9,
  ...changes,
});

/** So many requests, of which so many are accepted, all at `nowMs`; none is refused before the last. */
function history(throttle: Throttle, nowMs: number, requests: number, accepts: number): void {
  for (let n = 0; n < accepts; n++) throttle.ended(nowMs, OK);
  for (let n = 0; n < requests; n++) throttle.admits(nowMs, n, 0);
}

describe("a throttle", () => {
  it.each([
    [100, 100, 0],
    [100, 50, 0],
    [100, 40, 20 / 101],
    [100, 10, 80 / 101],
    [100, 0, 0.9],
  ])("refuses, after %d requests and %d accepts, the share %d", (requests, accepts, share) => {
    const throttle = new Throttle(plan());
    history(throttle, 0, requests, accepts);
    expect(throttle.probability(0)).toBeCloseTo(share, 12);
  });

  it("forgets what is older than its window", () => {
    const throttle = new Throttle(plan());
    history(throttle, 0, 100, 0);
    expect(throttle.probability(117_999)).toBe(0.9);
    expect(throttle.probability(120_000)).toBe(0);
  });

  it("takes an error for an answer, and a rejection or a timeout for none", () => {
    const shareAfter = (cause: number): number => {
      const throttle = new Throttle(plan());
      for (let n = 0; n < 10; n++) {
        throttle.admits(0, n, 0);
        throttle.ended(0, cause);
      }
      return throttle.probability(0);
    };
    expect([OK, WRONG, ERROR].map(shareAfter)).toEqual([0, 0, 0]);
    expect(shareAfter(OVERLOAD)).toBeGreaterThan(0.8);
    expect(shareAfter(TIMEOUT)).toBeGreaterThan(0.8);
  });

  it("decides by the call's key alone, so that the same calls are refused in every run", () => {
    const refused = (): number[] => {
      const throttle = new Throttle(plan());
      return Array.from({ length: 200 }, (_, n) => n).filter((n) => !throttle.admits(0, n, 7));
    };
    expect(refused()).toEqual(refused());
    expect(refused().length).toBeGreaterThan(100);
  });

  it("stands before the retries, and passes on where the failures began", () => {
    const call = new LoneCall(callPlan({ throttle: plan(), retry: atOnce(2) }));
    for (let key = 0; key < 200; key++) {
      call.begin({ key });
      if (call.sent.length > 2 * call.finished.length) call.answer(OVERLOAD, call.sent.length - 1, { service: 11 });
      if (call.held > 0) call.answer(OVERLOAD, call.sent.length - 1, { service: 11 });
    }
    const { calls, sent, began } = call.counts;
    expect(calls["shed"]).toBeGreaterThan(100);
    expect(sent).toBe(2 * (began - calls["shed"]!));
    expect(call.finished.find(({ cause }) => cause === "shed")!.origin).toEqual([11, "rejected(overload)"]);
  });

  it("has the book's numbers, and lets a tenth through", () => {
    expect(atPace(throttleSchema.parse({}), 1)).toEqual(plan());
    expect(atPace(throttleSchema.parse({}), 10)).toEqual(plan({ windowMs: 12_000 }));
  });
});

import { describe, expect, it } from "vitest";
import type { RetryOn } from "../../harness/model/call-plan.ts";
import { CAUSES } from "../../harness/model/outcome.ts";
import { Retry, retrySchema } from "../../harness/policies/retry.ts";
import { atPace } from "../../harness/schema/at-pace.ts";

function retried(retryOn: readonly RetryOn[]): readonly string[] {
  const retry = new Retry({ maxAttempts: 3, retryOn, backoff: null, budget: null });
  return CAUSES.filter((_, cause) => retry.isRetryable(cause));
}

describe("retry", () => {
  it("covers these causes", () => {
    expect(retried([])).toEqual([]);
    expect(retried(["error"])).toEqual(["error"]);
    expect(retried(["timeout"])).toEqual(["timeout"]);
    expect(retried(["overload"])).toEqual(["rejected(overload)", "rejected(rateLimit)", "shed"]);
    expect(retried(["connection"])).toEqual(["noHealthyHost", "connectionReset", "refused"]);
  });

  it("never retries a success, a wrong answer, an open circuit, a full bulkhead or a cancellation", () => {
    const all = retried(["error", "timeout", "overload", "connection"]);
    for (const cause of ["ok", "wrong", "slow", "circuitOpen", "bulkheadFull", "cancelled", "tooDeep"])
      expect(all).not.toContain(cause);
  });

  it("without a plan tries once", () => {
    const retry = new Retry(null);
    expect(retry.maxAttempts).toBe(1);
    expect(CAUSES.some((_, cause) => retry.isRetryable(cause))).toBe(false);
  });

  it("has the documented defaults", () => {
    expect(atPace(retrySchema.parse({}), 10)).toEqual({
      maxAttempts: 3,
      retryOn: ["error", "timeout", "overload", "connection"],
      backoff: { initialMs: 100, maxMs: 1000, multiplier: 2, jitter: "full", proportion: 0.2 },
      budget: null,
    });
  });

  it("reads `backoff: none` as retrying at once", () => {
    expect(retrySchema.parse({ maxAttempts: 20, backoff: "none" }).backoff).toBeNull();
  });

  it("refuses a policy without any attempt", () => {
    expect(retrySchema.safeParse({ maxAttempts: 0 }).success).toBe(false);
  });
});

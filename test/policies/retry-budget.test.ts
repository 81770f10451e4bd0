// The kinds of retry budgets beside their definitions: the sources' own code, written down again as plainly as it is
// there, must allow and refuse the same retries over generated histories.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RetryBudgetPlan } from "../../harness/model/call-plan.ts";
import { ERROR, OK, OVERLOAD, TIMEOUT } from "../../harness/model/outcome.ts";
import { RetryBudget, retryBudgetSchema } from "../../harness/policies/retry-budget.ts";
import { atOnce, backoff, callPlan, LoneCall } from "./lone-call.ts";

/** What a source says about one call of a client. */
interface Source {
  /** An attempt of `call` ended; true where the source makes another one. `underWay`: other attempts that are out. */
  mayRetry(call: number, cause: number, attempts: number, underWay: number): boolean;
}

const MAX_ATTEMPTS = 3;

/** Retryable: everything but OVERLOAD, so that failures which are not tried again are in the histories, too. */
const RETRY_ON = ["error", "timeout"] as const;

const isRetryable = (cause: number): boolean => cause === ERROR || cause === TIMEOUT;

/** gRPC proposal A6: token_count starts at maxTokens; RPCs are not retried while it is ≤ maxTokens / 2. */
class GrpcThrottling implements Source {
  tokenCount: number;
  readonly #maxTokens: number;
  readonly #tokenRatio: number;

  constructor(maxTokens: number, tokenRatio: number) {
    this.#maxTokens = maxTokens;
    this.#tokenRatio = tokenRatio;
    this.tokenCount = maxTokens;
  }

  mayRetry(_call: number, cause: number, attempts: number): boolean {
    if (cause === OK) this.tokenCount = Math.min(this.#maxTokens, this.tokenCount + this.#tokenRatio);
    else if (isRetryable(cause)) this.tokenCount = Math.max(0, this.tokenCount - 1);
    return isRetryable(cause) && attempts < MAX_ATTEMPTS && this.tokenCount > this.#maxTokens / 2;
  }
}

/** Envoy: RetryStateImpl::shouldRetry over RetryBudgetImpl::max. */
class EnvoyBudget implements Source {
  readonly #budgetPercent: number;
  readonly #minRetryConcurrency: number;
  #retries = 0;
  readonly #callbacks = new Set<number>();

  constructor(budgetPercent: number, minRetryConcurrency: number) {
    this.#budgetPercent = budgetPercent;
    this.#minRetryConcurrency = minRetryConcurrency;
  }

  mayRetry(call: number, cause: number, attempts: number, underWay: number): boolean {
    if (this.#callbacks.delete(call)) this.#retries--;
    if (!isRetryable(cause) || attempts >= MAX_ATTEMPTS) return false;
    const max = Math.max(Math.floor((this.#budgetPercent / 100) * underWay), this.#minRetryConcurrency);
    if (this.#retries >= max) return false;
    this.#callbacks.add(call);
    this.#retries++;
    return true;
  }
}

/** botocore: RetryQuotaChecker over RetryQuota. */
class BotocoreQuota implements Source {
  readonly #maxCapacity: number;
  #availableCapacity: number;
  readonly #context = new Map<number, number>();

  constructor(initialCapacity: number) {
    this.#maxCapacity = initialCapacity;
    this.#availableCapacity = initialCapacity;
  }

  mayRetry(call: number, cause: number, attempts: number): boolean {
    if (cause === OK) {
      const amount = this.#context.get(call) ?? 1;
      if (this.#maxCapacity !== this.#availableCapacity)
        this.#availableCapacity += Math.min(this.#maxCapacity - this.#availableCapacity, amount);
    }
    if (!isRetryable(cause) || attempts >= MAX_ATTEMPTS) return false;
    const capacityAmount = cause === TIMEOUT ? 10 : 5;
    if (capacityAmount > this.#availableCapacity) return false;
    this.#availableCapacity -= capacityAmount;
    this.#context.set(call, capacityAmount);
    return true;
  }
}

type Step = "begin" | { readonly cause: number; readonly which: "oldest" | "newest" };

/** Either a call begins, or the oldest or newest attempt that is out ends by this cause. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant("begin" as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      cause: fc.constantFrom(OK, ERROR, ERROR, TIMEOUT, OVERLOAD),
      which: fc.constantFrom("oldest" as const, "newest" as const),
    }),
  },
);

/** What the budget and its source decide about each attempt that ends. */
function decisions(
  plan: RetryBudgetPlan,
  source: Source,
  steps: readonly Step[],
): { ours: boolean[]; theirs: boolean[] } {
  const lone = new LoneCall(callPlan({ retry: atOnce(MAX_ATTEMPTS, { retryOn: RETRY_ON, budget: plan }) }), [50]);
  const ours: boolean[] = [];
  const theirs: boolean[] = [];
  const attempts = new Map<number, number>();
  let out: { call: number; nth: number }[] = [];
  let calls = 0;
  for (const each of steps) {
    if (each === "begin") {
      lone.begin({ key: calls });
      attempts.set(calls, 1);
      out.push({ call: calls++, nth: lone.sent.length - 1 });
      continue;
    }
    const ended = each.which === "oldest" ? out[0] : out.at(-1);
    if (ended === undefined) continue;
    const { call, nth } = ended;
    out = out.filter((attempt) => attempt !== ended);
    const expected = source.mayRetry(call, each.cause, attempts.get(call)!, out.length);
    const sent = lone.sent.length;
    lone.answer(each.cause, nth);
    ours.push(lone.sent.length > sent);
    theirs.push(expected);
    // Once they differ, their histories do, too.
    if (ours.at(-1) !== expected) break;
    if (!expected) continue;
    attempts.set(call, attempts.get(call)! + 1);
    out.push({ call, nth: sent });
  }
  return { ours, theirs };
}

describe("a token budget", () => {
  const plan = (maxTokens: number, tokenRatio: number): RetryBudgetPlan => ({ type: "tokens", maxTokens, tokenRatio });

  it("decides as gRPC's throttling does, over generated histories", () => {
    // Ratios that are sums of powers of two, so that the source's own sums are exact.
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.constantFrom(1, 4, 10),
        fc.constantFrom(0.125, 0.5, 1),
        (steps, maxTokens, tokenRatio) => {
          const source = new GrpcThrottling(maxTokens, tokenRatio);
          const { ours, theirs } = decisions(plan(maxTokens, tokenRatio), source, steps);
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("stops at half of its tokens, and once empty needs more than 50 successes at 10 tokens and a ratio of 0.1", () => {
    const budget = new RetryBudget(plan(10, 0.1));
    const fail = (): void => budget.settle(ERROR, true, -1);
    for (let n = 0; n < 4; n++) fail();
    expect(budget.tryWithdraw(0)).toBe(true);
    fail();
    expect(budget.tryWithdraw(0)).toBe(false);
    for (let n = 0; n < 20; n++) fail();
    for (let n = 0; n < 50; n++) budget.settle(OK, false, -1);
    expect(budget.tryWithdraw(0)).toBe(false);
    budget.settle(OK, false, -1);
    expect(budget.tryWithdraw(0)).toBe(true);
  });

  it("has the example's values of A6 by default", () => {
    expect(retryBudgetSchema.parse({ type: "tokens" })).toEqual(plan(10, 0.1));
  });
});

describe("a concurrency budget", () => {
  const plan = (ratio: number, minConcurrency: number): RetryBudgetPlan => ({
    type: "concurrency",
    ratio,
    minConcurrency,
  });

  it("decides as Envoy's budget does, over generated histories", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.constantFrom(0, 25, 50, 100),
        fc.integer({ min: 0, max: 3 }),
        (steps, percent, min) => {
          const { ours, theirs } = decisions(plan(percent / 100, min), new EnvoyBudget(percent, min), steps);
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("allows 25 active retries beside 100 requests at 25 %, as Envoy's documentation says", () => {
    const budget = new RetryBudget(plan(0.25, 3));
    let active = 0;
    while (budget.tryWithdraw(0, ERROR, 100)) active++;
    expect(active).toBe(25);
    budget.settle(ERROR, true, 0);
    expect(budget.balance(0, 100)).toBe(1);
  });

  it("holds a retry active during its back-off, and has it back when its caller cancels", () => {
    const lone = new LoneCall(callPlan({ retry: atOnce(2, { backoff: backoff(100), budget: plan(0, 1) }) }));
    const first = lone.begin({ key: 1 });
    lone.answer(ERROR);
    lone.begin({ key: 2 });
    lone.answer(ERROR);
    expect(lone.finished).toHaveLength(1);
    lone.cancel(first);
    lone.begin({ key: 3 });
    lone.answer(ERROR);
    expect(lone.finished).toHaveLength(1);
    expect(lone.counts.denied).toBe(1);
  });

  it("has Envoy's defaults", () => {
    expect(retryBudgetSchema.parse({ type: "concurrency" })).toEqual(plan(0.2, 3));
  });
});

describe("a quota budget", () => {
  const plan = (capacity: number): RetryBudgetPlan => ({
    type: "quota",
    capacity,
    retryCost: 5,
    timeoutCost: 10,
    refill: 1,
  });

  it("decides as botocore's standard mode does, over generated histories", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(0, 7, 20, 60), (steps, capacity) => {
        const { ours, theirs } = decisions(plan(capacity), new BotocoreQuota(capacity), steps);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 1000 },
    );
  });

  it("pays for a hundred retries that fail, and no more", () => {
    const budget = new RetryBudget(plan(500));
    let retries = 0;
    while (budget.tryWithdraw(0, ERROR)) retries++;
    expect(retries).toBe(100);
  });

  it("has the SDKs' defaults", () => {
    expect(retryBudgetSchema.parse({ type: "quota" })).toEqual(plan(500));
  });
});

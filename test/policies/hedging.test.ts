// Hedged calls, as gRPC's proposal A6 tells them: when the next attempt leaves, and what ends all of them.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallPlan, HedgePlan } from "../../harness/model/call-plan.ts";
import { ERROR, OK, OVERLOAD } from "../../harness/model/outcome.ts";
import { hedgeSchema } from "../../harness/policies/hedge.ts";
import { LatencyWindow } from "../../harness/policies/latency-window.ts";
import { atOnce, backoff, callPlan, LoneCall } from "./lone-call.ts";

const hedge = (changes: Partial<HedgePlan> = {}): HedgePlan => ({
  maxAttempts: 3,
  delay: { delayMs: 100 },
  nonFatal: ["error", "timeout"],
  budget: null,
  ...changes,
});

const hedged = (changes: Partial<HedgePlan> = {}, plan: Partial<CallPlan> = {}): LoneCall =>
  new LoneCall(callPlan({ hedge: hedge(changes), ...plan }), [50, 51, 52]);

describe("hedging", () => {
  it("sends the next attempt after every delay, to another instance, with a key of its own", () => {
    const call = hedged();
    call.begin({ key: 7 });
    call.pass(1000);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 100, 200]);
    expect(new Set(call.sent.map(({ target }) => target)).size).toBe(3);
    expect(new Set(call.sent.map(({ key }) => String(key))).size).toBe(3);
    expect(call.counts).toMatchObject({ began: 1, sent: 3, hedges: 2 });
  });

  it("takes the first success, and cancels all others", () => {
    const call = hedged();
    call.begin();
    call.pass(150);
    call.answer(OK, 1);
    expect(call.finished).toMatchObject([{ atMs: 150, cause: "ok" }]);
    expect(call.abandoned.map(([, , target]) => target)).toEqual([call.sent[0]!.target]);
    expect(call.counts).toMatchObject({ attempts: { ok: 1, cancelled: 1 }, calls: { ok: 1 } });
    expect(call.held).toBe(0);
    call.pass(1000);
    expect(call.machine.nextWakeup()).toBe(Infinity);
  });

  it("sends the next at once when one fails without being fatal, and goes on waiting from there", () => {
    const call = hedged();
    call.begin();
    call.pass(30);
    call.answer(ERROR, 0);
    call.pass(1000);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 30, 130]);
  });

  it("ends the call, and all its attempts, with a failure that is fatal", () => {
    const call = hedged();
    call.begin();
    call.pass(100);
    call.answer(OVERLOAD, 0);
    expect(call.finished).toMatchObject([{ cause: "rejected(overload)" }]);
    expect(call.abandoned).toHaveLength(1);
  });

  it("fails when all attempts have, with what the last one said", () => {
    const call = hedged({ maxAttempts: 2 });
    call.begin();
    call.pass(100);
    call.answer(ERROR, 1);
    expect(call.finished).toEqual([]);
    call.pass(150);
    call.answer(ERROR, 0);
    expect(call.finished).toMatchObject([{ atMs: 150, cause: "error" }]);
  });

  it("begins anew with every retry, and each try counts as one attempt of the policy", () => {
    const call = hedged({ maxAttempts: 2 }, { retry: atOnce(2, { backoff: backoff(50) }) });
    call.begin();
    for (const nth of [0, 1]) call.answer(ERROR, nth);
    call.pass(50);
    for (const nth of [2, 3]) call.answer(ERROR, nth);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 0, 50, 50]);
    expect(call.finished).toMatchObject([{ atMs: 50, cause: "error" }]);
  });

  it("stays within the call's timeout", () => {
    const call = hedged({}, { timeoutMs: 150 });
    call.begin();
    call.pass(1000);
    expect(call.sent.map(({ deadlineMs }) => deadlineMs)).toEqual([150, 150]);
    expect(call.finished).toMatchObject([{ atMs: 150, cause: "timeout" }]);
  });

  it("sends no more than its budget allows", () => {
    const call = hedged({ budget: { type: "ratio", ratio: 0.2, minPerSecond: 0, ttlMs: 10_000 } });
    for (let key = 0; key < 10; key++) call.begin({ key });
    call.pass(1000);
    expect(call.counts).toMatchObject({ sent: 12, hedges: 2 });
    expect(call.counts.denied).toBeGreaterThan(0);
  });

  it("waits for a percentile of how long answers take, once it knows it", () => {
    const call = hedged({ maxAttempts: 2, delay: { quantile: 0.9 } });
    for (let key = 0; key < 100; key++) {
      call.begin({ key });
      call.pass(call.nowMs + (key % 10) + 1);
      call.answer(OK);
    }
    expect(call.counts.hedges).toBe(0);
    call.begin({ key: 1000 });
    const atMs = call.nowMs;
    call.pass(atMs + 100);
    expect(call.sent.slice(-2).map((sent) => sent.atMs - atMs)).toEqual([0, 9]);
  });

  it("is written with a time or a percentile", () => {
    expect(hedgeSchema.parse({})).toEqual({
      maxAttempts: 2,
      delay: { quantile: 0.95 },
      nonFatal: ["error", "timeout", "overload", "connection"],
      budget: null,
    });
    expect(hedgeSchema.parse({ delay: "30ms" }).delay).toEqual({ delayMs: 30 });
    for (const delay of ["p100", "p0", "95%", 20]) expect(hedgeSchema.safeParse({ delay }).success).toBe(false);
  });
});

describe("the window of latencies", () => {
  it("has the percentile of the last thousand, as of the last full hundred", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 2500 }),
        fc.constantFrom(0.5, 0.9, 0.99),
        (latencies, quantile) => {
          const window = new LatencyWindow(quantile);
          for (const latencyMs of latencies) window.record(latencyMs);
          const full = latencies.length - (latencies.length % 100);
          const last = latencies.slice(Math.max(0, full - 1000), full).toSorted((a, b) => a - b);
          const expected = full === 0 ? Infinity : last.find((_, i) => (i + 1) / last.length >= quantile)!;
          expect(window.percentileMs).toBe(expected);
        },
      ),
    );
  });
});

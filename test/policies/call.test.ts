// The composition of a call: how the parts act on each other. Each part by itself has its own tests.
import { describe, expect, it } from "vitest";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import { ERROR, OK, OVERLOAD } from "../../harness/model/outcome.ts";
import { atOnce, backoff, CALLEE, callPlan, LoneCall, OWN } from "./lone-call.ts";

describe("a call", () => {
  it("ends as its only attempt does", () => {
    const call = new LoneCall(callPlan());
    call.begin();
    call.pass(5);
    call.answer(OK);
    const { finished, counts } = call;
    expect(finished).toMatchObject([{ atMs: 5, cause: "ok", isDegraded: false, slow: [CALLEE, 1234] }]);
    expect(counts).toMatchObject({ began: 1, sent: 1, attempts: { ok: 1 }, calls: { ok: 1 } });
    expect([call.held, call.machine.nextWakeup()]).toEqual([0, Infinity]);
  });

  it("hands on where a failure began", () => {
    const call = new LoneCall(callPlan());
    call.begin();
    call.answer(ERROR, 0, { service: 11, cause: OVERLOAD });
    expect(call.finished).toMatchObject([{ cause: "error", origin: [11, "rejected(overload)"], slow: [11, 0] }]);
  });

  it("gives up an attempt when its time is over, tells the callee, and ignores the late answer", () => {
    const call = new LoneCall(callPlan({ attemptTimeoutMs: 100 }));
    call.begin();
    call.pass(99);
    expect(call.finished).toEqual([]);
    call.pass(100);
    call.answer(OK);
    expect(call.finished).toMatchObject([{ atMs: 100, cause: "timeout", origin: [CALLEE, "timeout"] }]);
    expect(call.abandoned).toEqual([[0, call.sent[0]!.serial, 50, 100]]);
    expect(call.counts.attempts).toEqual({ timeout: 1 });
  });

  it("fails without an endpoint", () => {
    const call = new LoneCall(callPlan(), []);
    call.begin();
    expect(call.finished).toMatchObject([{ atMs: 0, cause: "noHealthyHost", origin: [CALLEE, "noHealthyHost"] }]);
    expect(call.counts).toMatchObject({ sent: 0, attempts: { noHealthyHost: 1 } });
  });

  it("with many attempts at no endpoint ends all the same", () => {
    const call = new LoneCall(callPlan({ retry: atOnce(100_000) }), []);
    call.begin();
    expect(call.finished).toHaveLength(1);
    expect(call.counts.attempts).toEqual({ noHealthyHost: 100_000 });
  });

  it("no longer counts at its endpoint once it has ended, however it did", () => {
    const loadBalancer = { policy: "leastRequest", choiceCount: 50 } as const;
    const call = new LoneCall(callPlan({ attemptTimeoutMs: 100, loadBalancer }));
    call.begin();
    call.answer(OK);
    call.begin();
    call.answer(ERROR);
    call.begin();
    call.pass(100);
    call.cancel(call.begin());
    call.route([50, 51]);
    call.begin();
    call.begin();
    expect(new Set(call.sent.slice(-2).map(({ target }) => target))).toEqual(new Set([50, 51]));
  });

  it("finds an endpoint that has come while it backed off", () => {
    const call = new LoneCall(callPlan({ retry: atOnce(2, { backoff: backoff(100) }) }), []);
    call.begin();
    call.route([51]);
    call.pass(100);
    call.answer(OK);
    expect([call.sent[0]!.target, call.finished[0]!.cause]).toEqual([51, "ok"]);
  });
});

describe("deadlines", () => {
  it("that travel are the earliest of the attempt's, the call's and the caller's own", () => {
    const deadlineOf = (plan: Partial<CallPlan>, ownDeadlineMs: number, boundMs = Infinity): number => {
      const call = new LoneCall(callPlan(plan));
      call.pass(1000);
      call.begin({ ownDeadlineMs, boundMs });
      return call.sent[0]!.deadlineMs;
    };
    expect(deadlineOf({ attemptTimeoutMs: 100, timeoutMs: 300 }, 2000)).toBe(1100);
    expect(deadlineOf({ attemptTimeoutMs: 400, timeoutMs: 300 }, 2000)).toBe(1300);
    expect(deadlineOf({ attemptTimeoutMs: 400, timeoutMs: 300 }, 1200)).toBe(1200);
    expect(deadlineOf({}, 1200)).toBe(1200);
    expect(deadlineOf({}, Infinity)).toBe(Infinity);
    expect(deadlineOf({}, Infinity, 1500)).toBe(1500);
  });

  it("of the caller alone do not end the attempt, a bound does", () => {
    const call = new LoneCall(callPlan());
    call.begin({ ownDeadlineMs: 50 });
    call.begin({ ownDeadlineMs: 50, boundMs: 50 });
    call.pass(60);
    expect(call.finished).toMatchObject([{ slot: 1, atMs: 50, cause: "timeout", origin: [CALLEE, "timeout"] }]);
  });

  it("that have passed already fail the call at once, at the caller's own account", () => {
    const call = new LoneCall(callPlan());
    call.pass(50);
    call.begin({ boundMs: 50 });
    expect(call.finished).toMatchObject([{ atMs: 50, cause: "timeout", origin: [OWN, "timeout"] }]);
    expect(call.sent).toEqual([]);
    expect(call.counts).toMatchObject({ began: 1, sent: 0, attempts: {}, calls: { timeout: 1 } });
  });
});

describe("a call that is cancelled", () => {
  it("tells the callee about the attempt under way and nobody else", () => {
    const call = new LoneCall(callPlan({ attemptTimeoutMs: 100, retry: atOnce(3) }));
    const slot = call.begin();
    call.pass(10);
    call.cancel(slot);
    expect(call.abandoned).toEqual([[slot, call.sent[0]!.serial, 50, 10]]);
    call.answer(OK, 0);
    call.pass(1000);
    expect(call.finished).toEqual([]);
    expect(call.counts).toMatchObject({ attempts: { cancelled: 1 }, calls: { cancelled: 1 } });
    expect(call.held).toBe(0);
  });

  it("while it backs off has nobody to tell", () => {
    const call = new LoneCall(callPlan({ retry: atOnce(3, { backoff: backoff(100) }) }));
    const slot = call.begin();
    call.answer(ERROR);
    call.cancel(slot);
    call.pass(1000);
    expect([call.abandoned, call.sent.length]).toEqual([[], 1]);
    expect(call.counts).toMatchObject({ attempts: { error: 1 }, calls: { cancelled: 1 } });
  });

  it("leaves its slot to the next call, which no old timer and no old answer touches", () => {
    const call = new LoneCall(callPlan({ attemptTimeoutMs: 100 }));
    const first = call.begin();
    call.pass(60);
    call.cancel(first);
    const second = call.begin();
    call.pass(120);
    call.answer(ERROR, 0);
    expect([second, call.finished]).toEqual([first, []]);
    call.pass(160);
    expect(call.finished).toMatchObject([{ slot: second, atMs: 160, cause: "timeout" }]);
  });
});

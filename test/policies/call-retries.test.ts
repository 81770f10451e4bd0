// A call with retries and a circuit breaker: which attempts it makes, and when.
import { describe, expect, it } from "vitest";
import type { BackoffPlan, CircuitBreakerPlan, RetryPlan } from "../../harness/model/call-plan.ts";
import { ERROR, OK, OVERLOAD, TIMEOUT, WRONG } from "../../harness/model/outcome.ts";
import { Backoff } from "../../harness/policies/backoff.ts";
import { atOnce, backoff, breaker, CALLEE, callPlan, LoneCall } from "./lone-call.ts";

describe("retries", () => {
  it("come at once, each with a key and a serial of its own", () => {
    const call = new LoneCall(callPlan({ retry: atOnce(3) }));
    call.begin({ key: 7 });
    call.pass(10);
    call.answer(ERROR);
    call.pass(20);
    call.answer(ERROR);
    call.pass(30);
    call.answer(OK);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 10, 20]);
    expect(new Set(call.sent.map(({ key }) => String(key))).size).toBe(3);
    expect(new Set(call.sent.map(({ serial }) => serial)).size).toBe(3);
    expect(call.finished).toMatchObject([{ atMs: 30, cause: "ok" }]);
    expect(call.counts).toMatchObject({ began: 1, sent: 3, attempts: { error: 2, ok: 1 }, calls: { ok: 1 } });
  });

  it("have the keys that the call's key gives them, whatever came between", () => {
    const keysOf = (others: number): string[] => {
      const call = new LoneCall(callPlan({ retry: atOnce(2) }));
      for (let key = 0; key < others; key++) call.begin({ key: 100 + key });
      call.begin({ key: 7 });
      call.answer(ERROR);
      return call.sent.slice(others).map(({ key }) => String(key));
    };
    expect(keysOf(3)).toEqual(keysOf(0));
  });

  it("wait for their back-off, and the last error is the call's", () => {
    const call = new LoneCall(callPlan({ retry: atOnce(3, { backoff: backoff(100) }) }));
    call.begin();
    call.answer(ERROR);
    call.pass(100);
    call.answer(ERROR);
    call.pass(1000);
    call.answer(OVERLOAD);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 100, 300]);
    expect(call.finished).toMatchObject([{ atMs: 1000, cause: "rejected(overload)" }]);
  });

  it("know how long the last back-off was, where the next one grows from it", () => {
    const decorrelated: BackoffPlan = { ...backoff(100), jitter: "decorrelated" };
    const call = new LoneCall(callPlan({ retry: atOnce(4, { backoff: decorrelated }) }));
    call.begin({ key: 7 });
    for (let attempt = 1; attempt < 4; attempt++) {
      call.answer(ERROR);
      call.pass(call.machine.nextWakeup());
    }
    const delays = call.sent.slice(1).map(({ atMs }, i) => atMs - call.sent[i]!.atMs);
    const machine = new Backoff(decorrelated);
    delays.forEach((delayMs, i) => expect(delayMs).toBeCloseTo(machine.delayMs(i + 1, delays[i - 1] ?? 0, 7, 0), 9));
  });

  it("are for the causes of their policy; a false answer looks like a true one", () => {
    const attemptsAfter = (cause: number): number => {
      const call = new LoneCall(callPlan({ retry: atOnce(2, { retryOn: ["error"] }) }));
      call.begin();
      call.answer(cause);
      return call.sent.length;
    };
    expect([ERROR, OVERLOAD, TIMEOUT, WRONG, OK].map(attemptsAfter)).toEqual([2, 1, 1, 1, 1]);
  });

  it("after a timeout leave the old attempt's answer alone", () => {
    const call = new LoneCall(callPlan({ attemptTimeoutMs: 100, retry: atOnce(2) }));
    call.begin();
    call.pass(150);
    call.answer(OK, 0);
    expect(call.finished).toEqual([]);
    call.answer(OK, 1);
    expect(call.finished).toMatchObject([{ atMs: 150, cause: "ok" }]);
    expect(call.abandoned).toEqual([[0, call.sent[0]!.serial, 50, 100]]);
  });

  it("stay within the whole call's timeout, which ends the attempt under way", () => {
    const call = new LoneCall(callPlan({ timeoutMs: 250, attemptTimeoutMs: 100, retry: atOnce(9) }));
    call.begin();
    call.pass(1000);
    expect(call.sent.map(({ atMs, deadlineMs }) => [atMs, deadlineMs])).toEqual([
      [0, 100],
      [100, 200],
      [200, 250],
    ]);
    expect(call.finished).toMatchObject([{ atMs: 250, cause: "timeout" }]);
  });

  it("are not waited for where nobody would be waiting any more", () => {
    const call = new LoneCall(callPlan({ timeoutMs: 250, retry: atOnce(9, { backoff: backoff(200) }) }));
    call.begin();
    call.pass(50);
    call.answer(ERROR);
    expect(call.finished).toMatchObject([{ atMs: 50, cause: "error" }]);
  });

  it("stop when the budget is spent, and what it denied is counted", () => {
    const budget = { type: "ratio", ratio: 0.2, minPerSecond: 0, ttlMs: 10_000 } as const;
    const call = new LoneCall(callPlan({ retry: atOnce(3, { budget }) }));
    for (let n = 0; n < 10; n++) {
      call.begin();
      call.answer(ERROR);
      if (call.sent.length > call.finished.length) call.answer(ERROR);
    }
    // Ten calls pay for two retries.
    expect(call.counts).toMatchObject({ began: 10, sent: 12, calls: { error: 10 } });
    expect(call.counts.denied).toBe(10);
  });
});

describe("a circuit breaker around the attempts", () => {
  const opened = (changes: Partial<CircuitBreakerPlan> = {}, retry: RetryPlan | null = null): LoneCall => {
    const call = new LoneCall(callPlan({ circuitBreaker: breaker(changes), retry }));
    for (const _ of [1, 2]) {
      call.begin();
      call.answer(ERROR, call.sent.length - 1, { service: 11, cause: OVERLOAD });
    }
    return call;
  };

  it("refuses calls while it is open, and passes on where the failures began", () => {
    const call = opened();
    call.begin();
    expect(call.finished.at(-1)).toMatchObject({ cause: "circuitOpen", origin: [11, "rejected(overload)"] });
    expect(call.counts).toMatchObject({ sent: 2, attempts: { error: 2, circuitOpen: 1 }, calls: { circuitOpen: 1 } });
  });

  it("is not tried again, and sees every attempt", () => {
    const call = new LoneCall(callPlan({ circuitBreaker: breaker(), retry: atOnce(5) }));
    call.begin();
    call.answer(ERROR);
    call.answer(ERROR);
    expect(call.sent).toHaveLength(2);
    expect(call.finished).toMatchObject([{ cause: "circuitOpen", origin: [CALLEE, "error"] }]);
  });

  it("lets probes through after its wait, and no more than it permits", () => {
    const call = opened();
    call.pass(1001);
    for (const _ of [1, 2, 3]) call.begin();
    expect(call.sent).toHaveLength(4);
    expect(call.finished.at(-1)!.cause).toBe("circuitOpen");
    call.answer(OK, 2);
    call.answer(OK, 3);
    call.begin();
    expect(call.sent).toHaveLength(5);
  });

  it("has the permit of a cancelled probe back", () => {
    const call = opened();
    call.pass(1001);
    const probes = [call.begin(), call.begin()];
    call.cancel(probes[0]!);
    call.begin();
    expect(call.sent).toHaveLength(5);
  });

  it("counts attempts that timed out as failures", () => {
    const call = new LoneCall(callPlan({ circuitBreaker: breaker(), attemptTimeoutMs: 10 }));
    for (const _ of [1, 2]) call.begin();
    call.pass(10);
    call.begin();
    expect(call.finished.map(({ cause }) => cause)).toEqual(["timeout", "timeout", "circuitOpen"]);
  });

  it("that opens and probes by itself wakes the machine for it", () => {
    const call = opened({ automaticTransitionFromOpenToHalfOpen: true });
    expect(call.machine.nextWakeup()).toBe(1000);
    call.pass(1000);
    expect(call.machine.breaker!.state(1000)).toBe(2);
    expect(call.machine.nextWakeup()).toBe(Infinity);
  });
});

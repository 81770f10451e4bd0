// What a caller makes of failures that its client hands on as something else.
import { describe, expect, it } from "vitest";
import { ERROR, OK, REFUSED } from "../../harness/model/outcome.ts";
import { errorMapSchema } from "../../harness/policies/error-map.ts";
import { atOnce, breaker, CALLEE, callPlan, LoneCall } from "./lone-call.ts";

describe("an error map", () => {
  const notFound = { connection: "wrong" } as const;

  it("turns a lost connection into a definite answer, whose origin stays what it was", () => {
    const call = new LoneCall(callPlan({ mapErrors: notFound, retry: atOnce(3) }));
    call.begin();
    call.answer(REFUSED);
    expect(call.finished).toMatchObject([
      { cause: "wrong", origin: [CALLEE, "refused"], isDegraded: false, slow: [CALLEE, 0] },
    ]);
    expect(call.counts).toMatchObject({ sent: 1, attempts: { refused: 1 }, calls: { wrong: 1 } });
  });

  it("does so where there is nobody to call, too", () => {
    const call = new LoneCall(callPlan({ mapErrors: notFound }), []);
    call.begin();
    expect(call.finished).toMatchObject([{ cause: "wrong", origin: [CALLEE, "noHealthyHost"] }]);
  });

  it("leaves other failures, and successes, as they are", () => {
    const call = new LoneCall(callPlan({ mapErrors: notFound }));
    for (const cause of [ERROR, OK]) {
      call.begin();
      call.answer(cause);
    }
    expect(call.finished.map(({ cause }) => cause)).toEqual(["error", "ok"]);
  });

  it("blinds the breaker to what is no failure any more", () => {
    const opens = (becomes: "error" | "wrong"): boolean => {
      const call = new LoneCall(callPlan({ mapErrors: { connection: becomes }, circuitBreaker: breaker() }));
      for (const _ of [1, 2, 3]) {
        call.begin();
        call.answer(REFUSED);
      }
      return call.machine.breaker!.state(0) !== 0;
    };
    expect([opens("error"), opens("wrong")]).toEqual([true, false]);
  });

  it("decides what is tried again by what it was told", () => {
    const attempts = (retryOn: "error" | "connection"): number => {
      const plan = callPlan({ mapErrors: { connection: "error" }, retry: atOnce(3, { retryOn: [retryOn] }) });
      const call = new LoneCall(plan);
      call.begin();
      call.answer(REFUSED);
      return call.sent.length;
    };
    expect([attempts("error"), attempts("connection")]).toEqual([2, 1]);
  });

  it("knows the words of retryOn, and nothing else", () => {
    expect(errorMapSchema.parse({ timeout: "error" })).toEqual({ timeout: "error" });
    expect(errorMapSchema.safeParse({ latency: "error" }).success).toBe(false);
    expect(errorMapSchema.safeParse({ timeout: "ok" }).success).toBe(false);
  });
});

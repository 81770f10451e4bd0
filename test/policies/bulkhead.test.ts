// Bulkheads and limits around the attempts of a call: who leaves, who waits, who is refused.
import { bulkhead as cockatielBulkhead } from "cockatiel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BulkheadPlan, LimitsPlan } from "../../harness/model/call-plan.ts";
import { ERROR, OK } from "../../harness/model/outcome.ts";
import { bulkheadSchema, limitsSchema } from "../../harness/policies/bulkhead.ts";
import { atOnce, breaker, CALLEE, callPlan, LoneCall } from "./lone-call.ts";

const bulkhead = (maxConcurrentCalls: number, changes: Partial<BulkheadPlan> = {}): BulkheadPlan => ({
  maxConcurrentCalls,
  maxWaitMs: 0,
  maxQueue: null,
  ...changes,
});

const limits = (changes: Partial<LimitsPlan>): LimitsPlan => ({
  maxConnections: null,
  maxPendingRequests: null,
  maxRequests: null,
  maxRetries: null,
  ...changes,
});

/** Begins calls with the keys 0, 1, 2 … */
function begin(call: LoneCall, calls: number): number[] {
  return Array.from({ length: calls }, (_, key) => call.begin({ key }));
}

const causes = (call: LoneCall): string[] => call.finished.map(({ cause }) => cause);

describe("a bulkhead", () => {
  it("refuses at once what is too much, and blames the callee that holds its permits", () => {
    const call = new LoneCall(callPlan({ bulkhead: bulkhead(2) }));
    begin(call, 3);
    expect(call.sent).toHaveLength(2);
    expect(call.finished).toMatchObject([{ cause: "bulkheadFull", origin: [CALLEE, "bulkheadFull"] }]);
    call.answer(OK, 0);
    call.begin();
    expect(call.sent).toHaveLength(3);
  });

  it("lets others wait for so long, first come, first served", () => {
    const call = new LoneCall(callPlan({ bulkhead: bulkhead(1, { maxWaitMs: 100 }) }));
    const slots = begin(call, 4);
    call.pass(60);
    call.answer(OK, 0);
    call.pass(60);
    expect(call.sent.map(({ slot, atMs }) => [slot, atMs])).toEqual([
      [slots[0], 0],
      [slots[1], 60],
    ]);
    call.pass(100);
    expect(causes(call)).toEqual(["ok", "bulkheadFull", "bulkheadFull"]);
    expect(call.machine.nextWakeup()).toBe(Infinity);
  });

  it("has so many places in line", () => {
    const call = new LoneCall(callPlan({ bulkhead: bulkhead(1, { maxWaitMs: null, maxQueue: 1 }) }));
    begin(call, 3);
    expect(causes(call)).toEqual(["bulkheadFull"]);
    call.answer(OK, 0);
    call.pass(0);
    expect(call.sent).toHaveLength(2);
  });

  it("does not hold anybody beyond the call's own timeout", () => {
    const call = new LoneCall(callPlan({ timeoutMs: 50, bulkhead: bulkhead(1, { maxWaitMs: null }) }));
    begin(call, 2);
    call.pass(50);
    expect(call.finished).toMatchObject([
      { atMs: 50, cause: "timeout" },
      { atMs: 50, cause: "timeout" },
    ]);
    expect(call.sent).toHaveLength(1);
  });

  it("gives the permit of a call that is cancelled to the next, and the place of one that waits", () => {
    const call = new LoneCall(callPlan({ bulkhead: bulkhead(1, { maxWaitMs: 1000, maxQueue: 2 }) }));
    const slots = begin(call, 3);
    call.cancel(slots[1]!);
    begin(call, 1);
    expect(causes(call)).toEqual([]);
    call.cancel(slots[0]!);
    call.pass(1);
    expect(call.sent.map(({ slot }) => slot)).toEqual([slots[0], slots[2]]);
  });

  it("counts as failed at the breaker around it, and is tried again only where the policy says so", () => {
    const open = new LoneCall(callPlan({ bulkhead: bulkhead(1), circuitBreaker: breaker() }));
    begin(open, 4);
    expect(causes(open)).toEqual(["bulkheadFull", "bulkheadFull", "circuitOpen"]);
    const attemptsOf = (retryOn: readonly ("error" | "bulkheadFull")[]): number => {
      const call = new LoneCall(callPlan({ bulkhead: bulkhead(1), retry: atOnce(3, { retryOn }) }));
      begin(call, 2);
      return call.counts.refused;
    };
    expect(attemptsOf(["error"])).toBe(1);
    expect(attemptsOf(["error", "bulkheadFull"])).toBe(3);
  });

  it("records for how long attempts were in line", () => {
    const call = new LoneCall(callPlan({ bulkhead: bulkhead(1, { maxWaitMs: null }) }));
    begin(call, 3);
    call.pass(100);
    call.answer(OK, 0);
    call.pass(150);
    call.machine.observe(150, 150);
    expect(call.counts.waitedMs).toBe(2 * 100 + 50);
  });

  it("decides as cockatiel's does, over generated histories", async () => {
    const move = fc.constantFrom<"begin" | "oldest" | "newest">("begin", "begin", "oldest", "newest");
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        async (moves, capacity, places) => {
          const call = new LoneCall(callPlan({ bulkhead: bulkhead(capacity, { maxWaitMs: null, maxQueue: places }) }));
          const policy = cockatielBulkhead(capacity, places);
          const started: number[] = [];
          const ends = new Map<number, () => void>();
          let refused = 0;
          let begun = 0;
          let out: number[] = [];
          for (const each of moves) {
            if (each === "begin") {
              const key = begun++;
              call.begin({ key });
              const work = Promise.withResolvers<void>();
              ends.set(key, work.resolve);
              policy
                .execute(() => {
                  started.push(key);
                  out.push(key);
                  return work.promise;
                })
                .catch(() => refused++);
            } else if (out.length > 0) {
              const ended = each === "oldest" ? out[0]! : out.at(-1)!;
              out = out.filter((key) => key !== ended);
              call.answer(OK, started.indexOf(ended));
              call.pass(call.nowMs);
              ends.get(ended)!();
            }
            for (let turn = 0; turn < 10; turn++) await Promise.resolve();
            expect(call.sent).toHaveLength(started.length);
            expect(call.finished.filter(({ cause }) => cause === "bulkheadFull")).toHaveLength(refused);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("has Resilience4j's defaults", () => {
    expect(bulkheadSchema.parse({})).toEqual(bulkhead(25));
  });
});

describe("limits", () => {
  it("make attempts wait for a connection, and refuse what would be too many", () => {
    const call = new LoneCall(callPlan({ limits: limits({ maxConnections: 1, maxPendingRequests: 1 }) }));
    begin(call, 3);
    expect(causes(call)).toEqual(["bulkheadFull"]);
    call.pass(500);
    call.answer(OK, 0);
    call.pass(500);
    expect(call.sent.map(({ atMs }) => atMs)).toEqual([0, 500]);
  });

  it("refuse more requests than there may be, connections or not", () => {
    const call = new LoneCall(callPlan({ limits: limits({ maxRequests: 2 }) }));
    begin(call, 3);
    expect(call.sent).toHaveLength(2);
    expect(causes(call)).toEqual(["bulkheadFull"]);
  });

  it("allow so many retries at a time, unless there is a budget", () => {
    const retriesOf = (call: LoneCall): number => {
      begin(call, 5);
      for (let nth = 0; nth < 5; nth++) call.answer(ERROR, nth);
      return call.sent.length - 5;
    };
    const caps = limits({ maxRetries: 3 });
    expect(retriesOf(new LoneCall(callPlan({ limits: caps, retry: atOnce(2) })))).toBe(3);
    const budget = { type: "concurrency", ratio: 0, minConcurrency: 1 } as const;
    expect(retriesOf(new LoneCall(callPlan({ limits: caps, retry: atOnce(2, { budget }) })))).toBe(1);
  });

  it("stand behind a bulkhead, whose permit is held meanwhile", () => {
    const plan = callPlan({
      bulkhead: bulkhead(2, { maxWaitMs: 100 }),
      limits: limits({ maxConnections: 1, maxPendingRequests: 5 }),
    });
    const call = new LoneCall(plan);
    begin(call, 3);
    call.pass(100);
    expect(causes(call)).toEqual(["bulkheadFull"]);
    call.answer(OK, 0);
    call.pass(100);
    expect(call.sent).toHaveLength(2);
  });

  it("are Envoy's by default", () => {
    expect(limitsSchema.parse({})).toEqual(
      limits({ maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 3 }),
    );
  });
});

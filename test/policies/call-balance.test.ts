// Whatever happens to the calls of a machine: each ends once, and everything is given back.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ERROR, OK, OVERLOAD } from "../../harness/model/outcome.ts";
import { atOnce, backoff, breaker, callPlan, LoneCall } from "./lone-call.ts";

/** What no history here depends on. */
const fixed = {
  consecutiveGatewayFailure: fc.constant(null),
  maxEjectionTimeMs: fc.constant(100),
  alwaysEjectOne: fc.constant(true),
  successRate: fc.constant(null),
  failurePercentage: fc.constant(null),
};

const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("begin" as const), amount: fc.nat(100) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("answer" as const), amount: fc.nat(1000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), amount: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), amount: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("route" as const), amount: fc.nat(3) }) },
);

it("a call machine ends every call once, gives every slot and permit back, wakes no more than its timers ask, and its counts balance", () => {
  const always = fc.record({
    timeoutMs: fc.constantFrom(null, 90),
    attemptTimeoutMs: fc.constantFrom(null, 30, 0.1),
    retry: fc.constantFrom(null, atOnce(3), atOnce(4, { backoff: backoff(20) })),
    circuitBreaker: fc.constantFrom(null, breaker({ waitDurationInOpenStateMs: 40 })),
    loadBalancer: fc.constantFrom(
      { policy: "roundRobin" as const, choiceCount: 2 },
      { policy: "leastRequest" as const, choiceCount: 2 },
    ),
  });
  const sometimes = fc.record(
    {
      bulkhead: fc.record({
        maxConcurrentCalls: fc.constantFrom(2, 3),
        maxWaitMs: fc.constantFrom(0, 15, null),
        maxQueue: fc.constantFrom(1, null),
      }),
      limits: fc.record({
        maxConnections: fc.constantFrom(2, 4, null),
        maxPendingRequests: fc.constantFrom(0, 2, null),
        maxRequests: fc.constantFrom(3, null),
        maxRetries: fc.constantFrom(1, null),
      }),
      hedge: fc.record({
        maxAttempts: fc.constantFrom(2, 3),
        delay: fc.constantFrom({ delayMs: 0 }, { delayMs: 12 }, { quantile: 0.5 }),
        nonFatal: fc.constantFrom([], ["error" as const, "timeout" as const]),
        budget: fc.constantFrom(null, { type: "concurrency" as const, ratio: 0, minConcurrency: 1 }),
      }),
      connectionPool: fc.record({
        max: fc.constantFrom(1, 2),
        acquireTimeoutMs: fc.constantFrom(8, 40, null),
        connectLatencyMs: fc.constantFrom(0, 7),
        idleTimeoutMs: fc.constantFrom(null, 30),
      }),
      outlierDetection: fc.record({
        consecutive5xx: fc.constant(2),
        panicThreshold: fc.constantFrom(0, 0.5),
        maxEjectionRatio: fc.constantFrom(0.5, 1),
        intervalMs: fc.constant(20),
        baseEjectionTimeMs: fc.constant(40),
        ...fixed,
      }),
      sticky: fc.constant("instance" as const),
      rateLimiter: fc.record({
        limitForPeriod: fc.constantFrom(1, 3),
        limitRefreshPeriodMs: fc.constantFrom(10, 50),
        timeoutMs: fc.constantFrom(0, 200),
      }),
    },
    { requiredKeys: [] },
  );
  const plan = fc.tuple(always, sometimes).map(([all, some]) => ({ ...all, ...some }));
  fc.assert(
    fc.property(plan, fc.array(move, { maxLength: 80 }), (plan, moves) => {
      const call = new LoneCall(callPlan(plan), [50, 51]);
      const open = new Set<number>();
      let cancelled = 0;
      let seen = 0;
      for (const { do: what, amount } of moves) {
        if (what === "begin")
          open.add(call.begin({ key: amount, boundMs: amount % 7 === 0 ? call.nowMs + 25 : Infinity }));
        else if (what === "answer" && call.sent.length > 0)
          call.answer([OK, ERROR, OVERLOAD][amount % 3], Math.max(0, call.sent.length - 1 - (amount % 5)));
        else if (what === "pass") call.pass(call.nowMs + amount);
        else if (what === "cancel" && open.size > 0) {
          const slot = [...open][amount % open.size]!;
          if (call.table.state[slot] !== 0) {
            call.cancel(slot);
            cancelled++;
          }
          open.delete(slot);
        } else if (what === "route") call.route([50, 51, 52].slice(0, amount));
        // A slot that is free again may be an attempt's by now.
        for (; seen < call.finished.length; seen++) open.delete(call.finished[seen]!.slot);
      }
      for (const slot of open) call.cancel(slot);
      cancelled += open.size;
      call.pass(call.nowMs + 10_000);
      const { counts } = call;
      const total = (by: Record<string, number>): number => Object.values(by).reduce((sum, n) => sum + n, 0);
      expect(call.held).toBe(0);
      expect(call.machine.nextWakeup()).toBe(Infinity);
      expect(call.finished.length + cancelled).toBe(counts.began);
      expect(total(counts.calls)).toBe(counts.began);
      const { noHealthyHost = 0 } = counts.attempts;
      expect(total(counts.attempts)).toBe(counts.sent + noHealthyHost + counts.refused);
      // A wake-up at the most for each attempt's turn, permit or connection, timeout and back-off; one that is cancelled
      // before it leaves is not counted as an attempt.
      expect(call.wakes.length).toBeLessThanOrEqual(4 * (total(counts.attempts) + cancelled));
      // All permits are there again; only of a breaker's two probes one may have been used, and the other not yet.
      call.route([50]);
      call.pass(call.nowMs + 1000);
      const { length } = call.sent;
      for (const _ of [1, 2]) call.begin();
      call.pass(call.nowMs + (plan.connectionPool?.connectLatencyMs ?? 0));
      const isSingle = plan.circuitBreaker !== null || plan.rateLimiter !== undefined || plan.connectionPool?.max === 1;
      const least = isSingle ? 1 : 2;
      expect(call.sent.length).toBeGreaterThanOrEqual(length + least);
    }),
    { numRuns: 1000 },
  );
});

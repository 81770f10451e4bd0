// Connections of a caller to each endpoint, by the documented rules of HikariCP and pg-pool, and over any history.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConnectionPoolPlan } from "../../harness/model/call-plan.ts";
import { CONNECTION_RESET, ERROR, OK } from "../../harness/model/outcome.ts";
import { ACQUIRING, IN_FLIGHT } from "../../harness/policies/call-table.ts";
import { connectionPoolSchema } from "../../harness/policies/connection-pool.ts";
import { atPace } from "../../harness/schema/at-pace.ts";
import { CALLEE, LoneCall, atOnce, breaker, callPlan } from "./lone-call.ts";

const small: ConnectionPoolPlan = { max: 2, acquireTimeoutMs: 100, connectLatencyMs: 0, idleTimeoutMs: null };

function caller(changes: Partial<ConnectionPoolPlan> = {}, plan: Parameters<typeof callPlan>[0] = {}): LoneCall {
  return new LoneCall(callPlan({ connectionPool: { ...small, ...changes }, ...plan }));
}

/** Connections opened so far. */
function connects(lone: LoneCall): number {
  return lone.machine.pool!.takeSums(lone.nowMs).connects;
}

describe("a connection pool", () => {
  it("lets so many out at a time, and the rest in the order in which they came", () => {
    const lone = caller();
    for (let key = 0; key < 5; key++) lone.begin({ key });
    expect(lone.sent.map(({ slot }) => slot)).toEqual([0, 1]);
    lone.pass(10);
    lone.answer(OK, 1);
    lone.pass(10);
    lone.answer(OK, 0);
    lone.pass(10);
    expect(lone.sent.map(({ slot }) => slot)).toEqual([0, 1, 2, 3]);
    expect(lone.sent.map(({ atMs }) => atMs)).toEqual([0, 0, 10, 10]);
    expect(connects(lone)).toBe(2);
  });

  it("fails who gets none in time, and blames the callee that holds them", () => {
    const lone = caller();
    for (let key = 0; key < 3; key++) lone.begin({ key });
    lone.pass(99);
    expect(lone.finished).toEqual([]);
    lone.pass(100);
    expect(lone.finished).toMatchObject([{ slot: 2, cause: "bulkheadFull", origin: [CALLEE, "bulkheadFull"] }]);
    // It is out of the line: the next connection is nobody's.
    lone.answer(OK, 0);
    lone.pass(200);
    expect(lone.sent.length).toBe(2);
  });

  it("opens a connection for whom it is asked, which takes its time and is kept", () => {
    const lone = caller({ connectLatencyMs: 7 });
    lone.begin();
    expect(lone.sent).toEqual([]);
    lone.pass(7);
    expect(lone.sent.map(({ atMs }) => atMs)).toEqual([7]);
    lone.answer();
    lone.pass(20);
    lone.begin({ key: 1 });
    expect(lone.sent.map(({ atMs }) => atMs)).toEqual([7, 20]);
    expect(connects(lone)).toBe(1);
  });

  it("begins the timeout of an attempt when it has its connection, but not that of the call", () => {
    const lone = caller({ max: 1 }, { attemptTimeoutMs: 50 });
    lone.begin();
    lone.begin({ key: 1 });
    lone.pass(40);
    lone.answer();
    lone.pass(89);
    expect(lone.finished.length).toBe(1);
    lone.pass(90);
    expect(lone.finished[1]).toMatchObject({ cause: "timeout", atMs: 90 });
    const bounded = caller({ max: 1 }, { timeoutMs: 60 });
    bounded.begin();
    bounded.begin({ key: 1 });
    bounded.pass(60);
    expect(bounded.finished.map(({ cause }) => cause)).toEqual(["timeout", "timeout"]);
    expect(bounded.sent.length).toBe(1);
  });

  it.each([
    ["lost", (lone: LoneCall) => lone.answer(CONNECTION_RESET)],
    ["given up by its timeout", (lone: LoneCall) => lone.pass(50)],
    ["given up by its owner", (lone: LoneCall) => lone.cancel(0)],
  ])("closes a connection whose attempt was %s: the next one pays for another", (_, end) => {
    const lone = caller({ max: 1, connectLatencyMs: 5 }, { attemptTimeoutMs: 45 });
    lone.begin();
    lone.pass(5);
    lone.begin({ key: 1 });
    end(lone);
    const endedMs = lone.nowMs;
    lone.pass(endedMs + 5);
    expect(lone.sent.map(({ atMs }) => atMs)).toEqual([5, endedMs + 5]);
    expect(connects(lone)).toBe(2);
  });

  it("keeps it after an error answer", () => {
    const lone = caller({ max: 1, connectLatencyMs: 5 });
    lone.begin();
    lone.pass(5);
    lone.answer(ERROR);
    lone.begin({ key: 1 });
    expect([lone.sent.length, connects(lone)]).toEqual([2, 1]);
  });

  it("closes what nobody has used for a while, the longest unused first", () => {
    const lone = caller({ idleTimeoutMs: 1000 });
    lone.begin();
    lone.begin({ key: 1 });
    lone.answer(OK, 0);
    lone.pass(500);
    lone.answer(OK, 1);
    lone.pass(1000);
    lone.begin({ key: 2 });
    expect(connects(lone)).toBe(2);
    lone.begin({ key: 3 });
    expect(connects(lone)).toBe(1);
  });

  it("has connections of each endpoint's own", () => {
    const lone = caller({ max: 1 });
    lone.route([50, 51]);
    for (let key = 0; key < 3; key++) lone.begin({ key });
    expect(new Set(lone.sent.map(({ target }) => target))).toEqual(new Set([50, 51]));
  });

  it("has none to an instance that came back", () => {
    const lone = caller({ max: 1 });
    lone.begin();
    lone.answer();
    lone.machine.route([{ id: 50, generation: 1, variant: 0 }], null);
    lone.begin({ key: 1 });
    expect([lone.sent.length, connects(lone)]).toEqual([2, 2]);
  });

  it("is seen by the breaker around it, and by no retry that was not asked for it", () => {
    const lone = caller({ max: 1, acquireTimeoutMs: 10 }, { retry: atOnce(3), circuitBreaker: breaker() });
    for (let key = 0; key < 3; key++) lone.begin({ key });
    lone.pass(10);
    expect(lone.finished.map(({ cause }) => cause)).toEqual(["bulkheadFull", "bulkheadFull"]);
    lone.begin({ key: 3 });
    expect(lone.finished[2]).toMatchObject({ cause: "circuitOpen" });
  });

  it("counts its connections and those who wait over time", () => {
    const lone = caller({ max: 1 });
    lone.begin();
    lone.begin({ key: 1 });
    lone.pass(30);
    lone.answer();
    lone.pass(50);
    lone.answer();
    lone.pass(100);
    expect(lone.machine.pool!.takeSums(100)).toEqual({ openMs: 100, inUseMs: 50, waitingMs: 30, connects: 1 });
  });
});

describe("over any history of calls", () => {
  const step = fc.record({
    afterMs: fc.constantFrom(0, 0, 1, 5, 30),
    do: fc.constantFrom("begin", "begin", "ok", "reset", "cancel"),
    which: fc.nat(20),
  });
  const plans = fc.record({
    max: fc.integer({ min: 1, max: 3 }),
    acquireTimeoutMs: fc.constantFrom(null, 20),
    connectLatencyMs: fc.constantFrom(0, 3),
    idleTimeoutMs: fc.constantFrom(null, 10),
  });

  it("no more attempts are out than there are connections, all who wait are served in turn, and nothing is left behind", () => {
    fc.assert(
      fc.property(plans, fc.array(step, { maxLength: 120 }), (plan, steps) => {
        const lone = caller(plan, { attemptTimeoutMs: 40 });
        const begun: number[] = [];
        const isOut = ({ slot, serial }: { slot: number; serial: number }): boolean =>
          lone.table.serial[slot] === serial && lone.table.state[slot] === IN_FLIGHT;
        for (const [key, { afterMs, do: action, which }] of steps.entries()) {
          lone.pass(lone.nowMs + afterMs);
          const out = lone.sent.flatMap((sent, nth) => (isOut(sent) ? [nth] : []));
          expect(out.length).toBeLessThanOrEqual(plan.max);
          if (action === "begin") begun.push(lone.begin({ key }));
          else if (action === "cancel") {
            const slot = begun[which % Math.max(1, begun.length)];
            if (slot !== undefined && [IN_FLIGHT, ACQUIRING].includes(lone.table.state[slot]!)) lone.cancel(slot);
          } else if (out.length > 0) lone.answer(action === "ok" ? OK : CONNECTION_RESET, out[which % out.length]);
          const { waiting } = lone.machine.pool!;
          const isFull = lone.sent.filter(isOut).length === plan.max;
          lone.pass(lone.nowMs);
          if (waiting > 0 && plan.connectLatencyMs === 0 && !isFull)
            expect(lone.machine.pool!.waiting).toBeLessThan(waiting);
        }
        lone.pass(lone.nowMs + 10_000);
        expect([lone.held, lone.machine.pool!.waiting]).toEqual([0, 0]);
        lone.machine.pool!.takeSums(lone.nowMs);
        expect(lone.machine.pool!.takeSums(lone.nowMs + 1000)).toMatchObject({ inUseMs: 0, waitingMs: 0 });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("schema", () => {
  it("has HikariCP's defaults", () => {
    expect(atPace(connectionPoolSchema.parse({}), 1)).toEqual({
      max: 10,
      acquireTimeoutMs: 30_000,
      connectLatencyMs: 0,
      idleTimeoutMs: null,
    });
  });
});

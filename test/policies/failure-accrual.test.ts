// Failure accrual: the sequences of Finagle's own tests (FailureAccrualFactoryTest, FailureAccrualPolicyTest). Any history
// against the definition stands in failure-accrual-history.test.ts.
import { describe, expect, it } from "vitest";
import { pow } from "../../harness/core/math.ts";
import type { FailureAccrualPlan } from "../../harness/model/call-plan.ts";
import { CANCELLED, ERROR, OK, RATE_LIMIT, REFUSED, TIMEOUT } from "../../harness/model/outcome.ts";
import { FailureAccrual, failureAccrualSchema } from "../../harness/policies/failure-accrual.ts";
import { LoadBalancer } from "../../harness/policies/load-balancer.ts";
import { atPace } from "../../harness/schema/at-pace.ts";
import { LoneCall, callPlan } from "./lone-call.ts";

const finagle: FailureAccrualPlan = {
  consecutiveFailures: 5,
  successRate: { required: 0.8, windowMs: 30_000, minimumRequests: 5 },
  markDeadFor: { initialMs: 5000, maxMs: 300_000 },
  panicThreshold: 0.5,
};

const inARow: FailureAccrualPlan = { ...finagle, consecutiveFailures: 3, successRate: null };

function accrual(plan: FailureAccrualPlan, hosts = 2): FailureAccrual {
  const machine = new FailureAccrual(plan, 1, 2);
  const slots = Array.from({ length: hosts }, (_, slot) => slot);
  machine.joined(slots, slots);
  return machine;
}

function results(machine: FailureAccrual, nowMs: number, count: number, cause: number, slot = 0): void {
  for (let i = 0; i < count; i++) machine.settled(nowMs, slot, cause);
}

/** One request to an endpoint that may be probed. */
function probe(machine: FailureAccrual, nowMs: number, cause: number): void {
  machine.advance(nowMs);
  machine.started(0);
  machine.settled(nowMs, 0, cause);
}

describe("failures in a row", () => {
  it("mark an endpoint dead for five seconds, but not where a success lies between", () => {
    const machine = accrual(inARow);
    results(machine, 0, 2, ERROR);
    results(machine, 0, 1, OK);
    results(machine, 0, 2, TIMEOUT);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 0, 1, REFUSED);
    expect(machine.isEjected(0)).toBe(true);
    expect([machine.ejected, machine.hosts, machine.takeEjections(), machine.takeEjections()]).toEqual([1, 2, 1, 0]);
    machine.advance(4999);
    expect(machine.isEjected(0)).toBe(true);
    machine.advance(5000);
    expect(machine.isEjected(0)).toBe(false);
  });

  it("are not those of refusals for a rate, nor of attempts of which nothing is known", () => {
    const machine = accrual(inARow);
    results(machine, 0, 2, ERROR);
    results(machine, 0, 3, CANCELLED);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 0, 1, RATE_LIMIT);
    results(machine, 0, 2, ERROR);
    expect(machine.isEjected(0)).toBe(false);
  });

  it("of one endpoint are not another's", () => {
    const machine = accrual(inARow);
    results(machine, 0, 2, ERROR, 0);
    results(machine, 0, 2, ERROR, 1);
    expect(machine.ejected).toBe(0);
  });
});

describe("one that was dead long enough", () => {
  it("gets a single request, and nothing more until that has ended", () => {
    const machine = accrual(inARow);
    results(machine, 0, 3, ERROR);
    machine.advance(5000);
    expect(machine.isEjected(0)).toBe(false);
    expect(machine.started(0)).toBe(true);
    expect(machine.isEjected(0)).toBe(true);
    machine.settled(5100, 0, OK);
    expect(machine.isEjected(0)).toBe(false);
  });

  it("is dead for longer when its probe fails: 5 to 10 s, 10 to 20 s, …, and never more than five minutes", () => {
    const machine = accrual(inARow);
    results(machine, 0, 3, ERROR);
    let nowMs = 5000;
    for (let deaths = 1; deaths <= 9; deaths++) {
      probe(machine, nowMs, ERROR);
      const least = Math.min(300_000, 5000 * pow(2, deaths - 1));
      machine.advance(nowMs + least - 1);
      expect(machine.isEjected(0)).toBe(true);
      nowMs += Math.min(300_000, 2 * least);
      machine.advance(nowMs);
      expect(machine.isEjected(0)).toBe(false);
    }
    expect(machine.takeEjections()).toBe(1);
  });

  it("begins anew when its probe succeeds", () => {
    const machine = accrual(inARow);
    results(machine, 0, 3, ERROR);
    probe(machine, 5000, ERROR);
    probe(machine, 20_000, OK);
    results(machine, 20_000, 2, ERROR);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 20_000, 1, ERROR);
    machine.advance(25_000);
    expect(machine.isEjected(0)).toBe(false);
    expect(machine.takeEjections()).toBe(2);
  });

  it("may be probed again where nothing came of the probe", () => {
    const machine = accrual(inARow);
    results(machine, 0, 3, ERROR);
    machine.advance(5000);
    machine.started(0);
    expect(machine.released(0)).toBe(true);
    expect(machine.isEjected(0)).toBe(false);
    machine.started(0);
    machine.settled(5001, 0, CANCELLED);
    expect(machine.isEjected(0)).toBe(false);
  });

  it("is not revived, nor killed again, by answers to what left before", () => {
    const machine = accrual(inARow);
    results(machine, 0, 3, ERROR);
    results(machine, 1, 1, OK);
    expect(machine.isEjected(0)).toBe(true);
    machine.advance(5000);
    results(machine, 5000, 9, ERROR);
    expect(machine.isEjected(0)).toBe(false);
  });
});

describe("a success rate", () => {
  const byRate: FailureAccrualPlan = { ...finagle, consecutiveFailures: null };

  it("is judged by a failure once the window is over, and by enough requests", () => {
    const machine = accrual(byRate);
    results(machine, 0, 9, ERROR, 1);
    machine.settled(29_999, 1, ERROR);
    expect(machine.isEjected(1)).toBe(false);
    machine.settled(30_000, 1, ERROR);
    expect(machine.isEjected(1)).toBe(true);
    machine.settled(0, 0, ERROR);
    machine.settled(29_999, 0, ERROR);
    expect(machine.isEjected(0)).toBe(false);
    machine.settled(30_000, 0, ERROR);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 30_000, 2, ERROR);
    expect(machine.isEjected(0)).toBe(true);
  });

  // A rate of 1 that only failures follow is exp(−t ÷ 30 s): below 80 % after 30 × ln(1.25) = 6.7 s.
  it("falls below four fifths 6.7 s after everything began to fail", () => {
    const machine = accrual(byRate);
    for (let nowMs = 0; nowMs <= 100_000; nowMs += 100) machine.settled(nowMs, 0, OK);
    let nowMs = 100_000;
    while (!machine.isEjected(0)) machine.settled((nowMs += 100), 0, ERROR);
    expect(nowMs).toBe(106_700);
  });

  it("and failures in a row hold together: the longer time counts", () => {
    const machine = accrual({ ...finagle, successRate: { required: 1, windowMs: 1, minimumRequests: 1 } });
    machine.settled(10, 0, OK);
    // Marked dead by its rate alone; the second time by both.
    machine.settled(20, 0, ERROR);
    machine.advance(5019);
    expect(machine.isEjected(0)).toBe(true);
    machine.advance(5020);
    expect(machine.isEjected(0)).toBe(false);
  });
});

describe("a load balancer", () => {
  function balancer(panicThreshold = 0): LoadBalancer {
    const failureAccrual = { ...inARow, panicThreshold };
    const machine = new LoadBalancer({ policy: "roundRobin", choiceCount: 2 }, 1, 2, 3, -1, { failureAccrual });
    const endpoints = [0, 1, 2].map((id) => ({ id, generation: 0, variant: 0 }));
    machine.route(endpoints, null);
    return machine;
  }

  function fail(machine: LoadBalancer, instance: number): void {
    for (let i = 0; i < 3; i++) machine.settled(1000, instance, 0, ERROR);
  }

  it("passes over who is dead, and sends one request to who may be probed", () => {
    const machine = balancer();
    fail(machine, 1);
    const picked = (nowMs: number): number[] =>
      Array.from({ length: 12 }, (_, i) => {
        const slot = machine.pick(i, 1, 1, nowMs);
        machine.started(slot);
        machine.ended(slot);
        return machine.instanceOf(slot);
      });
    expect(picked(5999)).not.toContain(1);
    expect(picked(6000).filter((instance) => instance === 1)).toEqual([1]);
  });

  it("uses the dead, too, when fewer are left than the panic threshold", () => {
    const machine = balancer(0.5);
    fail(machine, 0);
    fail(machine, 1);
    expect(machine.isPanicking).toBe(true);
    expect(new Set(Array.from({ length: 6 }, (_, i) => machine.pick(i, 1, 1, 1000))).size).toBe(3);
  });
});

describe("a call", () => {
  it("that is cancelled while it probes leaves the endpoint to another probe", () => {
    const lone = new LoneCall(callPlan({ failureAccrual: { ...inARow, panicThreshold: 0 } }));
    for (let i = 0; i < 3; i++) {
      lone.begin({ key: i });
      lone.answer(ERROR);
    }
    lone.begin({ key: 3 });
    expect(lone.sent).toHaveLength(3);
    expect(lone.finished.at(-1)!.cause).toBe("noHealthyHost");
    lone.pass(5000);
    const probing = lone.begin({ key: 4 });
    lone.begin({ key: 5 });
    expect(lone.sent).toHaveLength(4);
    lone.cancel(probing);
    lone.begin({ key: 6 });
    expect(lone.sent).toHaveLength(5);
    lone.answer(OK);
    lone.begin({ key: 7 });
    lone.begin({ key: 8 });
    expect(lone.sent).toHaveLength(7);
  });
});

it("is written with Finagle's defaults", () => {
  const { panicThreshold: _, ...plan } = finagle;
  expect(atPace(failureAccrualSchema.parse({}), 1)).toEqual(plan);
});

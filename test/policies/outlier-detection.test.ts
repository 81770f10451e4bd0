// Outlier detection: the sequences of Envoy's own tests (test/common/upstream/outlier_detection_impl_test.cc), and what
// gRPC does otherwise. Any history against the definition stands in outlier-detection-history.test.ts.
import { describe, expect, it } from "vitest";
import type { OutlierDetectionPlan } from "../../harness/model/call-plan.ts";
import { CANCELLED, ERROR, OK, OVERLOAD, RATE_LIMIT, TIMEOUT } from "../../harness/model/outcome.ts";
import { FREE } from "../../harness/policies/call-table.ts";
import { LoadBalancer } from "../../harness/policies/load-balancer.ts";
import type { OutlierDetection } from "../../harness/policies/outlier-detection.ts";
import { outlierDetectionSchema } from "../../harness/policies/outlier-detection-schema.ts";
import { atPace } from "../../harness/schema/at-pace.ts";
import { LoneCall, callPlan } from "./lone-call.ts";
import { detector, envoy } from "./outlier-detector.ts";

function results(machine: OutlierDetection, nowMs: number, slot: number, count: number, cause: number): void {
  for (let i = 0; i < count; i++) machine.settled(nowMs, slot, cause);
}

describe("failures in a row (Envoy's BasicFlow5xx)", () => {
  it("eject after five, but not where a success lies between, and for thirty seconds", () => {
    const machine = detector(2);
    results(machine, 0, 0, 1, ERROR);
    results(machine, 0, 0, 1, OK);
    results(machine, 0, 0, 4, ERROR);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 0, 0, 1, ERROR);
    expect(machine.isEjected(0)).toBe(true);
    machine.advance(9999);
    machine.advance(29_999);
    expect(machine.isEjected(0)).toBe(true);
    machine.advance(30_001);
    expect(machine.isEjected(0)).toBe(false);
  });

  it("eject for longer with each relapse, and a healthy interval forgets one", () => {
    const machine = detector(2);
    results(machine, 0, 0, 5, TIMEOUT);
    machine.advance(30_000);
    results(machine, 30_000, 0, 5, OVERLOAD);
    machine.advance(80_000);
    expect(machine.isEjected(0)).toBe(true);
    machine.advance(90_000);
    expect(machine.isEjected(0)).toBe(false);
    // Two healthy intervals: back at the first ejection's thirty seconds.
    machine.advance(110_000);
    results(machine, 110_000, 0, 5, ERROR);
    machine.advance(140_000);
    expect(machine.isEjected(0)).toBe(false);
  });

  it("are never longer than the longest ejection", () => {
    const machine = detector(2, { maxEjectionTimeMs: 40_000 });
    results(machine, 0, 0, 5, ERROR);
    machine.advance(30_000);
    for (const atMs of [30_000, 70_000, 110_000]) {
      results(machine, atMs, 0, 5, ERROR);
      machine.advance(atMs + 30_000);
      expect(machine.isEjected(0)).toBe(true);
      machine.advance(atMs + 40_000);
      expect(machine.isEjected(0)).toBe(false);
    }
  });

  it("are not those of refusals for a rate, nor of cancelled attempts", () => {
    const machine = detector(2);
    results(machine, 0, 0, 4, ERROR);
    results(machine, 0, 0, 3, CANCELLED);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 0, 0, 1, ERROR);
    expect(machine.isEjected(0)).toBe(true);
    results(machine, 0, 1, 4, ERROR);
    results(machine, 0, 1, 1, RATE_LIMIT);
    results(machine, 0, 1, 4, ERROR);
    expect(machine.isEjected(1)).toBe(false);
  });

  it("of a gateway are told apart from errors, where they are watched", () => {
    const machine = detector(20, { consecutive5xx: null, consecutiveGatewayFailure: 3 });
    results(machine, 0, 0, 2, OVERLOAD);
    results(machine, 0, 0, 9, ERROR);
    results(machine, 0, 0, 2, OVERLOAD);
    expect(machine.isEjected(0)).toBe(false);
    results(machine, 0, 0, 1, TIMEOUT);
    expect(machine.isEjected(0)).toBe(true);
  });
});

describe("success rates (Envoy's BasicFlowSuccessRate)", () => {
  // Rates 100, 100, 100, 100 and 50 %: mean 90, deviation 20. One of five is always two deviations off, whatever it does.
  it.each([
    [1.9, true],
    [2.1, false],
  ])("eject the one of five that lies below the mean less %f deviations: %s", (stdevFactor, isEjected) => {
    const successRate = { minimumHosts: 5, requestVolume: 100, stdevFactor };
    const machine = detector(5, { consecutive5xx: null, successRate });
    for (const slot of [0, 1, 2, 3]) results(machine, 5000, slot, 200, OK);
    results(machine, 5000, 4, 100, OK);
    results(machine, 5000, 4, 100, ERROR);
    machine.advance(10_000);
    expect(machine.isEjected(4)).toBe(isEjected);
    expect(machine.ejected).toBe(isEjected ? 1 : 0);
  });

  it("need five hosts with a hundred results each", () => {
    const machine = detector(5, { consecutive5xx: null });
    for (const slot of [0, 1, 2]) results(machine, 5000, slot, 200, OK);
    results(machine, 5000, 3, 99, OK);
    results(machine, 5000, 4, 200, ERROR);
    machine.advance(10_000);
    expect(machine.ejected).toBe(0);
  });

  it("are those of one interval", () => {
    const machine = detector(5, { consecutive5xx: null });
    for (const slot of [0, 1, 2, 3, 4]) results(machine, 5000, slot, 60, slot === 4 ? ERROR : OK);
    machine.advance(10_000);
    for (const slot of [0, 1, 2, 3, 4]) results(machine, 15_000, slot, 60, slot === 4 ? ERROR : OK);
    machine.advance(20_000);
    expect(machine.ejected).toBe(0);
  });

  it("alone decide where only the share of failures is asked for", () => {
    const failurePercentage = { threshold: 0.85, minimumHosts: 5, requestVolume: 50 };
    const machine = detector(20, { consecutive5xx: null, successRate: null, failurePercentage });
    for (const slot of [0, 1, 2, 3, 4, 5]) results(machine, 1, slot, 200, OK);
    results(machine, 1, 6, 30, OK);
    results(machine, 1, 6, 170, ERROR);
    results(machine, 1, 7, 31, OK);
    results(machine, 1, 7, 169, ERROR);
    machine.advance(10_000);
    expect([machine.isEjected(6), machine.isEjected(7)]).toEqual([true, false]);
  });
});

describe("how many are ejected", () => {
  function ejectedOf(hosts: number, changes: Partial<OutlierDetectionPlan>): number {
    const machine = detector(hosts, changes);
    for (let slot = 0; slot < hosts; slot++) results(machine, 0, slot, 5, ERROR);
    return machine.ejected;
  }

  it("is never one of nine by Envoy's arithmetic, but one where one always may be, as gRPC has it", () => {
    expect(ejectedOf(9, { alwaysEjectOne: false })).toBe(0);
    expect(ejectedOf(10, { alwaysEjectOne: false })).toBe(1);
    expect(ejectedOf(1, {})).toBe(1);
    expect(ejectedOf(9, {})).toBe(1);
  });

  it("is at most the ratio", () => {
    expect(ejectedOf(30, {})).toBe(3);
    expect(ejectedOf(29, {})).toBe(2);
    expect(ejectedOf(4, { maxEjectionRatio: 1 })).toBe(4);
  });
});

describe("a route", () => {
  it("forgets who leaves it, and who comes back as another", () => {
    const machine = detector(3);
    results(machine, 0, 1, 5, ERROR);
    machine.joined([0, 2], []);
    expect([machine.ejected, machine.hosts]).toEqual([0, 2]);
    machine.joined([0, 1, 2], [1]);
    expect(machine.isEjected(1)).toBe(false);
    results(machine, 0, 2, 4, ERROR);
    machine.joined([0, 1, 2], [2]);
    results(machine, 0, 2, 1, ERROR);
    expect(machine.isEjected(2)).toBe(false);
  });
});

describe("a load balancer", () => {
  function balancer(panicThreshold: number, instances = 4): LoadBalancer {
    const plan = { ...envoy, maxEjectionRatio: 1, panicThreshold };
    const machine = new LoadBalancer({ policy: "roundRobin", choiceCount: 2 }, 1, 2, 3, -1, { outlierDetection: plan });
    machine.route(
      Array.from({ length: instances }, (_, id) => ({ id, generation: 0, variant: 0 })),
      null,
    );
    return machine;
  }

  function picked(machine: LoadBalancer, nowMs: number): number[] {
    const picks = Array.from({ length: 40 }, (_, i) => machine.pick(i, 1, 1, nowMs));
    return [...new Set(picks.map((slot) => (slot < 0 ? -1 : machine.instanceOf(slot))))].toSorted((a, b) => a - b);
  }

  function fail(machine: LoadBalancer, instance: number): void {
    for (let i = 0; i < 5; i++) machine.settled(1000, instance, 0, ERROR);
  }

  it("passes over who is ejected, until the time is over", () => {
    const machine = balancer(0.5);
    fail(machine, 2);
    expect(picked(machine, 1000)).toEqual([0, 1, 3]);
    expect(picked(machine, 29_000)).toEqual([0, 1, 3]);
    // The first interval began at the first result.
    expect(picked(machine, 31_000)).toEqual([0, 1, 2, 3]);
  });

  it("uses all again when fewer are left than the panic threshold", () => {
    const machine = balancer(0.5);
    fail(machine, 2);
    fail(machine, 0);
    expect([machine.isPanicking, picked(machine, 1000)]).toEqual([false, [1, 3]]);
    fail(machine, 1);
    expect([machine.isPanicking, picked(machine, 1000)]).toEqual([true, [0, 1, 2, 3]]);
  });

  it("leaves its zone in a panic, as Envoy does, unless it may never leave it", () => {
    for (const [mode, expected] of [
      ["prefer", [0, 1, 2, 3]],
      ["only", [0, 1]],
    ] as const) {
      const plan = { ...envoy, maxEjectionRatio: 1 };
      const machine = new LoadBalancer({ policy: "roundRobin", choiceCount: 2, zone: { mode } }, 1, 2, 3, 0, {
        outlierDetection: plan,
      });
      machine.route(
        [0, 1, 2, 3].map((id) => ({ id, generation: 0, variant: 0, zone: id >> 1 })),
        null,
      );
      expect(picked(machine, 1000)).toEqual([0, 1]);
      for (const id of [0, 2, 3]) fail(machine, id);
      expect([machine.isPanicking, picked(machine, 1000)]).toEqual([true, expected]);
    }
  });

  it("has nowhere to go when all are ejected and nobody may panic", () => {
    const machine = balancer(0);
    for (const id of [0, 1, 2, 3]) fail(machine, id);
    expect(picked(machine, 1000)).toEqual([-1]);
  });
});

describe("calls", () => {
  it("count their timeouts against who was asked, and pass over it from then on", () => {
    const lone = new LoneCall(callPlan({ attemptTimeoutMs: 10, outlierDetection: envoy }), [50, 51]);
    for (let key = 0; key < 20; key++) {
      const slot = lone.begin({ key });
      if (lone.sent.at(-1)!.target === 50) lone.pass(lone.nowMs + 10);
      else lone.answer(OK);
      expect(lone.table.state[slot]).toBe(FREE);
    }
    expect(lone.counts.attempts).toEqual({ ok: 15, timeout: 5 });
  });

  it("of a user who is attached to an instance leave it while it is ejected", () => {
    const lone = new LoneCall(callPlan({ sticky: "instance", outlierDetection: envoy }), [50, 51]);
    lone.begin();
    const { target } = lone.sent[0]!;
    lone.answer(OK);
    for (let i = 0; i < 6; i++) {
      lone.begin();
      lone.answer(ERROR);
    }
    const targets = lone.sent.map((sent) => sent.target);
    expect(targets.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => target));
    expect(targets[6]).not.toBe(target);
  });
});

describe("schema", () => {
  it("has Envoy's defaults, and lets one always be ejected", () => {
    const { panicThreshold: _, ...plan } = envoy;
    expect(atPace(outlierDetectionSchema.parse({}), 1)).toEqual(plan);
  });
});

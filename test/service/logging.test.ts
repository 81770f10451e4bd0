import { describe, expect, it } from "vitest";
import type { LoggingPlan } from "../../harness/model/logging-plan.ts";
import { ERROR, OK, WRONG } from "../../harness/model/outcome.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { LoneInstance, NOTHING } from "./lone-instance.ts";
import { call, variantPlan, wait, work } from "./variant-plan.ts";

/** One core; a request calls somebody whom it can do without, and then works for 10 ms. */
function instance(logging: Partial<LoggingPlan>, changes: Partial<VariantPlan> = {}): LoneInstance {
  return new LoneInstance(
    variantPlan([call(0, { optional: true }), work(10)], {
      pool: { model: "threads", concurrency: null, queueCapacity: null },
      cpu: { cores: 1, scheduling: "shared" },
      logging: { perFailure: 5, costMs: 2, maxPending: null, ...logging },
      ...changes,
    }),
  );
}

/** A request whose call ends like that. */
function request(lone: LoneInstance, key: number, cause: number): void {
  lone.arrive({ key });
  lone.answer(lone.open[0]!, cause);
}

describe("a failed call", () => {
  it("costs work beside the request, which shares the core with it", () => {
    const lone = instance({});
    request(lone, 1, ERROR);
    expect(lone.machine.cpu.coresInUse).toBe(1);
    lone.pass(100);
    // Ten milliseconds of lines and ten of work, at half the speed each.
    expect(lone.outcomes).toEqual([[1, 20, OK]]);
    expect(lone.machine.logging!.written).toBe(5);
    expect(lone.leaks()).toEqual(NOTHING);
  });

  it("costs a request nothing but its share of the core: what it does besides is not delayed", () => {
    const lone = instance({}, { operations: [{ steps: [call(0, { optional: true }), wait(10)] }] });
    request(lone, 1, ERROR);
    lone.pass(10);
    expect(lone.outcomes).toEqual([[1, 10, OK]]);
    lone.pass(100);
    expect(lone.leaks()).toEqual(NOTHING);
  });

  it("is logged also when the request fails with it", () => {
    const lone = instance({}, { operations: [{ steps: [call(0)] }] });
    request(lone, 1, ERROR);
    expect(lone.ended).toHaveLength(1);
    lone.pass(10);
    expect(lone.machine.logging!.written).toBe(5);
  });
});

it("a call that succeeds, or seems to, is not logged", () => {
  const lone = instance({});
  request(lone, 1, OK);
  request(lone, 2, WRONG);
  lone.pass(100);
  expect(lone.machine.logging!.written).toBe(0);
  expect(lone.outcomes.map(([, atMs]) => atMs)).toEqual([20, 20]);
});

it("lines for which there is no room are dropped, those of a call together", () => {
  const lone = instance({ maxPending: 12 });
  for (const key of [1, 2, 3, 4]) request(lone, key, ERROR);
  const logging = lone.machine.logging!;
  expect([logging.written, logging.dropped]).toEqual([0, 10]);
  lone.pass(1000);
  expect([logging.written, logging.dropped]).toEqual([10, 10]);
  request(lone, 5, ERROR);
  expect(logging.dropped).toBe(10);
});

it("lines that cost nothing are written at once", () => {
  const lone = instance({ costMs: 0 });
  request(lone, 1, ERROR);
  expect(lone.machine.logging!.written).toBe(5);
  lone.pass(10);
  expect(lone.outcomes).toEqual([[1, 10, OK]]);
});

it("the lines that wait are known over time", () => {
  const lone = instance({});
  request(lone, 1, ERROR);
  lone.pass(50);
  lone.machine.logging!.observe(50);
  // Five lines for the twenty milliseconds that they take beside the request.
  expect(lone.machine.logging!.pendingMs).toBeCloseTo(100, 9);
});

it("is what queueing theory says of two kinds of jobs on one core", () => {
  // Processor sharing does not care whose job it is: with a request's 10 ms and, for each, a failure's 10 ms at half the
  // rate of arrivals that the core could take, the core is busy all the time and neither kind gets ahead.
  const lone = instance({ perFailure: 1, costMs: 10 });
  for (let key = 0; key < 50; key++) {
    request(lone, key, ERROR);
    lone.pass(lone.nowMs + 20);
  }
  expect(lone.outcomes.map(([key, atMs]) => atMs - 20 * key)).toEqual(Array<number>(50).fill(20));
  expect(lone.machine.logging!.written).toBe(50);
});

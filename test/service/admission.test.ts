// Who is let into an instance, and what its limit learns from what becomes of them.
import { describe, expect, it } from "vitest";
import type { LimitPlan } from "../../harness/model/admission-plan.ts";
import { CANCELLED, ERROR, OK, OVERLOAD } from "../../harness/model/outcome.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { LoneInstance, NOTHING, SELF } from "./lone-instance.ts";
import { call, variantPlan, wait } from "./variant-plan.ts";

const FREE = { model: "threads", concurrency: null, queueCapacity: null } as const;

function limited(limit: LimitPlan, changes: Partial<VariantPlan> = {}): LoneInstance {
  return new LoneInstance(
    variantPlan([wait(10)], { pool: FREE, admission: { type: "concurrencyLimit", limit }, ...changes }),
  );
}

const aimd = {
  algorithm: "aimd",
  initialLimit: 2,
  minLimit: 1,
  maxLimit: 9,
  backoffRatio: 0.5,
  timeoutMs: 50,
} as const;

/** The limit, as its integral over the next millisecond. */
function limitOf(instance: LoneInstance): number {
  const { admission } = instance.machine;
  admission!.takeLimitMs(instance.nowMs);
  instance.pass(instance.nowMs + 1);
  return admission!.takeLimitMs(instance.nowMs)!;
}

describe("a concurrency limit", () => {
  it("refuses what comes while so many are in the instance, whoever works on them", () => {
    const instance = limited({ algorithm: "fixed", limit: 2 });
    for (const key of [1, 2, 3]) instance.arrive({ key });
    expect(instance.ended).toMatchObject([{ key: 3, atMs: 0, cause: OVERLOAD, status: 503, origin: [SELF, OVERLOAD] }]);
    instance.pass(10);
    instance.arrive({ key: 4 });
    instance.pass(100);
    expect(instance.outcomes.slice(1)).toEqual([
      [1, 10, OK],
      [2, 10, OK],
      [4, 20, OK],
    ]);
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("counts those who wait for a worker", () => {
    const pool = { model: "threads", concurrency: 1, queueCapacity: null } as const;
    const instance = limited({ algorithm: "fixed", limit: 3 }, { pool });
    for (const key of [1, 2, 3, 4]) instance.arrive({ key });
    expect(instance.outcomes).toEqual([[4, 0, OVERLOAD]]);
  });

  it("is not asked about who cannot come in anyway, nor told of them", () => {
    const instance = limited(aimd, { operations: [null] });
    instance.arrive({ key: 1 });
    expect(instance.outcomes).toEqual([[1, 0, ERROR]]);
    expect(limitOf(instance)).toBe(2);
  });

  it("grows with successes and shrinks with what its callers gave up, each once", () => {
    const instance = limited(aimd);
    for (const key of [1, 2]) instance.arrive({ key });
    instance.pass(10);
    expect(limitOf(instance)).toBe(4);
    instance.arrive({ key: 3, deadlineMs: instance.nowMs + 5 });
    instance.pass(40);
    expect(instance.outcomes.at(-1)).toEqual([3, 21, OK]);
    expect(limitOf(instance)).toBe(2);
  });

  it("shrinks when a caller cancels, and learns nothing from an error", () => {
    const instance = limited(aimd, { operations: [{ steps: [call()] }], onDeadline: "cancel" });
    const visit = instance.arrive({ key: 1 });
    instance.arrive({ key: 2 });
    instance.abandon(visit);
    expect(instance.outcomes).toEqual([[1, 0, CANCELLED]]);
    expect(limitOf(instance)).toBe(1);
    instance.answer(instance.open[0]!, ERROR);
    expect(limitOf(instance)).toBe(1);
  });

  it("shrinks when somebody that it let in waits too long for a worker", () => {
    const queue = { discipline: "fifo", standingAfterMs: 100, codelTargetMs: null, timeoutMs: 3 } as const;
    const pool = { model: "threads", concurrency: 1, queueCapacity: null, queue } as const;
    const instance = limited({ ...aimd, initialLimit: 4 }, { pool });
    for (const key of [1, 2]) instance.arrive({ key });
    instance.pass(5);
    expect(instance.outcomes).toEqual([[2, 3, OVERLOAD]]);
    expect(limitOf(instance)).toBe(2);
  });
});

// What turning a request away costs.
import { describe, expect, it } from "vitest";
import { CANCELLED, OK, OVERLOAD } from "../../harness/model/outcome.ts";
import type { PoolPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { LoneInstance, NOTHING, SELF } from "./lone-instance.ts";
import { constant, variantPlan, work } from "./variant-plan.ts";

function refusing(pool: Partial<PoolPlan>, changes: Partial<VariantPlan> = {}): LoneInstance {
  const costly: PoolPlan = { model: "threads", concurrency: 1, queueCapacity: 0, rejectionMs: constant(4), ...pool };
  return new LoneInstance(variantPlan([work(10)], { pool: costly, ...changes }));
}

describe("turning a request away", () => {
  it("shares the cores with the work that is done", () => {
    const instance = refusing({});
    instance.arrive({ key: 1 });
    instance.arrive({ key: 2 });
    instance.pass(100);
    // One core for two: 4 ms of work take 8, and the other has done 4 of its 10 by then.
    expect(instance.outcomes).toEqual([
      [2, 8, OVERLOAD],
      [1, 14, OK],
    ]);
    expect(instance.ended[0]).toMatchObject({ status: 503, origin: [SELF, OVERLOAD], slow: [SELF, 8000] });
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("stands in line for a core where they work one job after the other", () => {
    const instance = refusing({}, { cpu: { cores: 1, scheduling: "fifo" } });
    for (const key of [1, 2, 3]) instance.arrive({ key });
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [1, 10, OK],
      [2, 14, OVERLOAD],
      [3, 18, OVERLOAD],
    ]);
  });

  it("holds no worker and no place in the queue", () => {
    const instance = refusing({ queueCapacity: 1 }, { cpu: { cores: 4, scheduling: "shared" } });
    for (const key of [1, 2, 3]) instance.arrive({ key });
    const { meters } = instance.machine;
    expect([meters.busy, meters.queued, meters.inSystem]).toEqual([1, 1, 3]);
    instance.pass(4);
    expect([meters.busy, meters.queued, meters.inSystem]).toEqual([1, 1, 2]);
  });

  it("begins when somebody has waited too long, too", () => {
    const queue = { discipline: "fifo", standingAfterMs: 100, codelTargetMs: null, timeoutMs: 3 } as const;
    const instance = refusing({ queueCapacity: null, queue }, { cpu: { cores: 4, scheduling: "shared" } });
    for (const key of [1, 2]) instance.arrive({ key });
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [2, 7, OVERLOAD],
      [1, 10, OK],
    ]);
  });

  it("is stopped like other work when the caller gives up and the service cancels", () => {
    const instance = refusing({}, { onDeadline: "cancel" });
    instance.arrive({ key: 1 });
    const refused = instance.arrive({ key: 2 });
    instance.pass(2);
    instance.abandon(refused);
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [2, 2, CANCELLED],
      [1, 11, OK],
    ]);
    expect(instance.leaks()).toEqual(NOTHING);
  });
});

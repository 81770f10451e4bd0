import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Amount } from "../../harness/model/release-plan.ts";
import type { InstanceView } from "../../harness/rollout/fleet-view.ts";
import { resolveLimits } from "../../harness/rollout/rolling-limits.ts";
import { moveByRolling } from "../../harness/rollout/rolling-update.ts";

type Life = InstanceView["life"];
const OLD = 0;
const NEW = 1;

/** A fleet that does what it is told; its instances get ready when the test says so. */
class Model {
  instances: InstanceView[] = [];
  #nextId = 0;

  add(variant: number, zone: number, life: Life): void {
    this.instances.push({ id: this.#nextId++, variant, zone, life, readySinceMs: life === "ready" ? 0 : Infinity });
  }

  live(id: number, life: Life, nowMs: number): void {
    this.instances = this.instances.map((each) =>
      each.id === id ? { ...each, life, readySinceMs: life === "ready" ? nowMs : Infinity } : each,
    );
  }

  count(variant: number): number {
    return this.instances.filter((each) => each.variant === variant && each.life !== "stopping").length;
  }

  get total(): number {
    return this.count(OLD) + this.count(NEW);
  }

  available(nowMs: number, minReadyMs: number): number {
    return this.instances.filter(({ life, readySinceMs }) => life === "ready" && nowMs >= readySinceMs + minReadyMs)
      .length;
  }
}

function reconcile(
  model: Model,
  nowMs: number,
  limits: ReturnType<typeof resolveLimits>,
  replicasPerZone: readonly number[],
  target = NEW,
): boolean {
  const { actions } = moveByRolling(nowMs, target, model.instances, limits, replicasPerZone);
  for (const action of actions) {
    if (action.do === "start") model.add(action.variant, action.zone, "starting");
    else if (action.do === "stop") model.live(action.instance, "stopping", nowMs);
  }
  return actions.length > 0;
}

describe("Kubernetes' numbers", () => {
  test("surge rounds up, unavailable rounds down, and both at 0 make one unavailable", () => {
    const limits = (replicas: number, maxSurge: Amount, maxUnavailable: Amount) => {
      const resolved = resolveLimits(replicas, { maxSurge, maxUnavailable }, 0);
      return [resolved.maxSurge, resolved.maxUnavailable];
    };
    expect(limits(10, { ratio: 0.25 }, { ratio: 0.25 })).toEqual([3, 2]);
    expect(limits(4, { ratio: 0.25 }, { ratio: 0.25 })).toEqual([1, 1]);
    expect(limits(3, { ratio: 0.25 }, { ratio: 0.25 })).toEqual([1, 0]);
    expect(limits(3, { count: 0 }, { ratio: 0.25 })).toEqual([0, 1]);
    expect(limits(3, { ratio: 0 }, { count: 0 })).toEqual([0, 1]);
    // 0.3 × 10 and 0.7 × 10 lie beside 3 and 7 in floating point.
    expect(limits(10, { ratio: 0.3 }, { ratio: 0.7 })).toEqual([3, 7]);
    expect(limits(100, { ratio: 0.07 }, { ratio: 0.29 })).toEqual([7, 29]);
  });

  test("10 replicas, 3 surge, 2 unavailable: a version that never gets ready stalls at 5 new and 8 old", () => {
    const model = new Model();
    for (let i = 0; i < 10; i++) model.add(OLD, 0, "ready");
    const limits = resolveLimits(10, { maxSurge: { count: 3 }, maxUnavailable: { count: 2 } }, 0);
    while (reconcile(model, 1000, limits, [10]));
    expect([model.count(NEW), model.count(OLD)]).toEqual([5, 8]);
  });

  test("old instances that are not healthy go first", () => {
    const model = new Model();
    for (let i = 0; i < 4; i++) model.add(OLD, 0, i === 3 ? "starting" : "ready");
    const limits = resolveLimits(4, { maxSurge: { count: 0 }, maxUnavailable: { count: 1 } }, 0);
    reconcile(model, 1000, limits, [4]);
    expect(model.instances.map(({ life }) => life)).toEqual(["ready", "ready", "ready", "stopping"]);
  });

  test("a ready instance is available only after its minimum time", () => {
    const model = new Model();
    model.add(OLD, 0, "ready");
    const limits = resolveLimits(1, { maxSurge: { count: 1 }, maxUnavailable: { count: 0 } }, 5000);
    reconcile(model, 10_000, limits, [1]);
    model.live(1, "ready", 12_000);
    expect(moveByRolling(16_999, NEW, model.instances, limits, [1])).toEqual({ actions: [], wakeMs: 17_000 });
    expect(moveByRolling(17_000, NEW, model.instances, limits, [1]).actions).toEqual([{ do: "stop", instance: 0 }]);
  });
});

const amount = fc.oneof(
  fc.record({ count: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ ratio: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

test("a rolling update never exceeds its surge, never falls below its availability by itself, and arrives", () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 })
        .filter((zones) => zones.some((each) => each > 0)),
      amount,
      amount,
      fc.constantFrom(0, 3),
      fc.infiniteStream(fc.nat(1000)),
      fc.boolean(),
      (replicasPerZone, maxSurge, maxUnavailable, minReadyMs, choices, turnsBack) => {
        const replicas = replicasPerZone.reduce((a, b) => a + b, 0);
        const limits = resolveLimits(replicas, { maxSurge, maxUnavailable }, minReadyMs);
        const model = new Model();
        replicasPerZone.forEach((count, zone) => {
          for (let i = 0; i < count; i++) model.add(OLD, zone, "ready");
        });
        let nowMs = 100;
        let target = NEW;
        let others = OLD;
        for (let turn = 0; turn < 500; turn++) {
          nowMs++;
          if (turnsBack && turn === 7) [target, others] = [others, target];
          const before = model.available(nowMs, minReadyMs);
          while (reconcile(model, nowMs, limits, replicasPerZone, target)) {
            expect(model.total).toBeLessThanOrEqual(replicas + limits.maxSurge);
            // What it stops of its own accord leaves enough; what was missing before is not its doing.
            const floor = Math.min(before, replicas - limits.maxUnavailable);
            expect(model.available(nowMs, minReadyMs)).toBeGreaterThanOrEqual(floor);
          }
          const starting = model.instances.filter(({ life }) => life === "starting");
          const next = starting[choices.next().value! % Math.max(1, starting.length)];
          if (next !== undefined) model.live(next.id, "ready", nowMs);
        }
        expect([model.count(target), model.count(others)]).toEqual([replicas, 0]);
        const zones = replicasPerZone.map(
          (_, zone) =>
            model.instances.filter((each) => each.variant === target && each.life === "ready" && each.zone === zone)
              .length,
        );
        expect(zones).toEqual(replicasPerZone);
      },
    ),
    { numRuns: 200 },
  );
});

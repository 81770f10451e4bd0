import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { AutoscalingPlan, ScalingRulesPlan } from "../../harness/model/autoscaling-plan.ts";
import { Autoscaler } from "../../harness/response/autoscaler.ts";

/** Kubernetes' defaults, for a target of 50 %. */
const standard: AutoscalingPlan = {
  metric: "services.web.utilization.cpu",
  target: 0.5,
  min: 1,
  max: 100,
  syncPeriodMs: 15_000,
  overMs: 15_000,
  tolerance: 0.1,
  scaleUp: { stabilizationWindowMs: 0, ratio: 1, count: 4, periodMs: 15_000 },
  scaleDown: { stabilizationWindowMs: 300_000, ratio: 1, count: 0, periodMs: 15_000 },
};

const quick = { ...standard, scaleDown: { ...standard.scaleDown, stabilizationWindowMs: 0 } };

/** What one look at the metric comes to. */
function once(replicas: number, ready: number, metric: number | null, target: number): number {
  return new Autoscaler({ ...quick, target }).decide(0, { replicas, ready, metric });
}

describe("one look, as in the tables of Kubernetes' replica_calculator_test.go", () => {
  it("has ceil(replicas × metric ÷ target) instances", () => {
    expect([once(3, 3, 0.5, 0.3), once(5, 5, 0.28, 0.5)]).toEqual([5, 3]);
  });

  it("doubles them at twice the target, and halves them at half of it", () => {
    expect([once(4, 4, 1, 0.5), once(4, 4, 0.25, 0.5)]).toEqual([8, 2]);
  });

  it("leaves them alone within the tolerance, and without data", () => {
    expect([once(3, 3, 1.02, 1), once(3, 3, 0.95, 1), once(3, 3, null, 0.5), once(3, 0, 0.9, 0.5)]).toEqual([
      3, 3, 3, 3,
    ]);
  });

  it("takes those that are not ready for idle on the way up, and leaves them out on the way down", () => {
    expect([once(3, 2, 0.6, 0.3), once(3, 1, 0.4, 0.3), once(5, 3, 0.3, 0.5)]).toEqual([4, 3, 2]);
  });
});

describe("over time", () => {
  it("grows by four or by its own number in 15 seconds, whichever is more", () => {
    const autoscaler = new Autoscaler(standard);
    const counts = [1];
    for (let sync = 0; sync < 6; sync++)
      counts.push(autoscaler.decide(sync * 15_000, { replicas: counts.at(-1)!, ready: counts.at(-1)!, metric: 50 }));
    expect(counts).toEqual([1, 5, 10, 20, 40, 80, 100]);
  });

  it("shrinks to the most that it wanted within five minutes", () => {
    const autoscaler = new Autoscaler(standard);
    let replicas = 10;
    const shrunkMs: number[] = [];
    for (let nowMs = 0; nowMs <= 600_000; nowMs += 15_000) {
      const next = autoscaler.decide(nowMs, { replicas, ready: replicas, metric: nowMs < 60_000 ? 0.5 : 0.1 });
      if (next < replicas) shrunkMs.push(nowMs);
      replicas = next;
    }
    // The last wish for ten was at 45 s.
    expect([shrunkMs, replicas]).toEqual([[345_000], 2]);
  });
});

test("whatever happens, it decides as the controller of Kubernetes does", () => {
  const rules = (count: number) =>
    fc.record({
      stabilizationWindowMs: fc.constantFrom(0, 30_000, 300_000),
      ratio: fc.constantFrom(0, 0.1, 0.5, 1),
      count: fc.integer({ min: count, max: 5 }),
      periodMs: fc.constantFrom(15_000, 60_000),
    });
  const looks = fc.array(
    fc.record({
      metric: fc.integer({ min: 0, max: 200 }),
      isReady: fc.integer({ min: 1, max: 4 }),
      syncs: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(rules(1), rules(1), looks, (scaleUp, scaleDown, history) => {
      const plan = { ...standard, scaleUp, scaleDown, min: 2, max: 30 };
      const ours = new Autoscaler(plan);
      const theirs = new Controller(plan);
      let replicas = 5;
      let nowMs = 0;
      for (const { metric, isReady, syncs } of history) {
        nowMs += syncs * 15_000;
        const view = { replicas, ready: Math.max(1, Math.floor((replicas * isReady) / 4)), metric: metric / 100 };
        const next = ours.decide(nowMs, view);
        expect(next).toBe(theirs.decide(nowMs, view));
        replicas = next;
      }
    }),
  );
});

/** normalizeDesiredReplicasWithBehaviors and what it calls, as horizontal.go and replica_calculator.go read. */
class Controller {
  readonly #plan: AutoscalingPlan;
  readonly #recommendations: [atMs: number, replicas: number][] = [];
  readonly #ups: [atMs: number, change: number][] = [];
  readonly #downs: [atMs: number, change: number][] = [];

  constructor(plan: AutoscalingPlan) {
    this.#plan = plan;
  }

  decide(nowMs: number, { replicas, ready, metric }: { replicas: number; ready: number; metric: number }): number {
    const { min, max, scaleUp, scaleDown } = this.#plan;
    const desired = Math.min(max, Math.max(min, this.#proposed(replicas, ready, metric)));
    const isUp = desired >= replicas;
    let recommendation = desired;
    for (const [atMs, each] of this.#recommendations)
      if (atMs > nowMs - (isUp ? scaleUp : scaleDown).stabilizationWindowMs)
        recommendation = isUp ? Math.min(each, recommendation) : Math.max(each, recommendation);
    this.#recommendations.push([nowMs, desired]);
    let result = recommendation;
    if (recommendation > replicas) {
      const start = replicas - this.#changed(this.#ups, scaleUp, nowMs);
      const limit = Math.max(start + scaleUp.count, Math.ceil((start * (100 + Math.round(scaleUp.ratio * 100))) / 100));
      result = Math.min(recommendation, Math.min(max, Math.max(limit, replicas)));
      if (result > replicas) this.#ups.push([nowMs, result - replicas]);
    } else if (recommendation < replicas) {
      const start = replicas + this.#changed(this.#downs, scaleDown, nowMs);
      const limit = Math.min(start - scaleDown.count, Math.trunc(start * (1 - scaleDown.ratio)));
      result = Math.max(recommendation, Math.max(min, Math.min(limit, replicas)));
      if (result < replicas) this.#downs.push([nowMs, replicas - result]);
    }
    return result;
  }

  /** GetResourceReplicas: percentages are whole numbers there, so nothing is lost to round-off. */
  #proposed(replicas: number, ready: number, metric: number): number {
    const [used, target] = [Math.round(metric * 100), Math.round(this.#plan.target * 100)];
    if (Math.abs(used / target - 1) <= this.#plan.tolerance) return replicas;
    const isRebalanced = ready < replicas && used > target;
    if (!isRebalanced) return Math.ceil((used * ready) / target);
    const ratio = (used * ready) / replicas / target;
    if (Math.abs(ratio - 1) <= this.#plan.tolerance || ratio < 1) return replicas;
    const proposed = Math.ceil((used * ready) / target);
    return proposed < replicas ? replicas : proposed;
  }

  #changed(events: [number, number][], { periodMs }: ScalingRulesPlan, nowMs: number): number {
    return events.filter(([atMs]) => atMs > nowMs - periodMs).reduce((sum, [, change]) => sum + change, 0);
  }
}

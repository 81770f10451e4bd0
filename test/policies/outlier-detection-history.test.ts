// Outlier detection against its definition, written out with every result in a list.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutlierDetectionPlan } from "../../harness/model/call-plan.ts";
import { CANCELLED, ERROR, OK, TIMEOUT } from "../../harness/model/outcome.ts";
import { detector, envoy } from "./outlier-detector.ts";

describe("any history of an outlier detection", () => {
  const step = fc.record({
    afterMs: fc.constantFrom(0, 0, 10, 400, 3000),
    host: fc.nat(5),
    count: fc.integer({ min: 1, max: 6 }),
    cause: fc.constantFrom(OK, OK, ERROR, TIMEOUT, CANCELLED),
  });
  const anyPlan = fc.record({
    consecutive5xx: fc.constantFrom(null, 2, 5),
    consecutiveGatewayFailure: fc.constantFrom(null, 3),
    maxEjectionRatio: fc.constantFrom(0, 0.2, 0.5, 1),
    maxEjectionTimeMs: fc.constantFrom(3000, 9000),
    alwaysEjectOne: fc.boolean(),
    successRate: fc.constantFrom(null, { minimumHosts: 3, requestVolume: 4, stdevFactor: 1 }),
    failurePercentage: fc.constantFrom(null, { threshold: 0.6, minimumHosts: 2, requestVolume: 5 }),
  });

  it("is that of one which keeps every result in a list", () => {
    let ejections = 0;
    fc.assert(
      fc.property(anyPlan, fc.array(step, { minLength: 20, maxLength: 120 }), (changes, steps) => {
        const plan = { ...envoy, intervalMs: 1000, baseEjectionTimeMs: 2000, ...changes };
        const machine = detector(6, plan);
        const slow = new SlowDetection(plan, 6);
        let nowMs = 0;
        for (const { afterMs, host, count, cause } of steps) {
          nowMs += afterMs;
          for (let i = 0; i < count; i++) {
            machine.settled(nowMs, host, cause);
            slow.settled(nowMs, host, cause);
          }
          for (let each = 0; each < 6; each++) expect(machine.isEjected(each)).toBe(slow.isEjected(each));
        }
        ejections += machine.takeEjections();
      }),
      { numRuns: 1000 },
    );
    expect(ejections).toBeGreaterThan(1000);
  });
});

/** The definition, written out: every result is kept, and counted anew. */
class SlowDetection {
  readonly #plan: OutlierDetectionPlan;
  readonly #hosts: { inRow: number; gatewayInRow: number; relapses: number; sinceMs: number | null }[];
  #seen: { host: number; isOk: boolean }[] = [];
  #interval = 1;

  constructor(plan: OutlierDetectionPlan, hosts: number) {
    this.#plan = plan;
    this.#hosts = Array.from({ length: hosts }, () => ({ inRow: 0, gatewayInRow: 0, relapses: 0, sinceMs: null }));
  }

  isEjected(host: number): boolean {
    return this.#hosts[host]!.sinceMs !== null;
  }

  settled(nowMs: number, host: number, cause: number): void {
    for (; this.#interval * this.#plan.intervalMs <= nowMs; this.#interval++) this.#tick();
    if (cause === CANCELLED) return;
    const of = this.#hosts[host]!;
    this.#seen.push({ host, isOk: cause === OK });
    of.inRow = cause === OK ? 0 : of.inRow + 1;
    of.gatewayInRow = cause === TIMEOUT ? of.gatewayInRow + 1 : 0;
    const hit = of.inRow === this.#plan.consecutive5xx;
    const gatewayHit = cause === TIMEOUT && of.gatewayInRow === this.#plan.consecutiveGatewayFailure;
    if (hit) of.inRow = 0;
    if (gatewayHit) of.gatewayInRow = 0;
    if (hit || gatewayHit) this.#eject(nowMs, host);
  }

  #tick(): void {
    const nowMs = this.#interval * this.#plan.intervalMs;
    for (const of of this.#hosts) {
      if (of.sinceMs === null) of.relapses = Math.max(0, of.relapses - 1);
      else if (
        nowMs >=
        of.sinceMs + Math.min(this.#plan.maxEjectionTimeMs, of.relapses * this.#plan.baseEjectionTimeMs)
      )
        Object.assign(of, { sinceMs: null, inRow: 0, gatewayInRow: 0 });
    }
    const { successRate, failurePercentage } = this.#plan;
    const rates = (least: number): [number, number][] =>
      this.#hosts.flatMap((of, host): [number, number][] => {
        const own = this.#seen.filter((result) => result.host === host);
        const rate = own.filter(({ isOk }) => isOk).length / own.length;
        return of.sinceMs === null && own.length >= least ? [[host, rate]] : [];
      });
    if (successRate !== null) {
      const judged = rates(successRate.requestVolume);
      const mean = judged.reduce((sum, [, rate]) => sum + rate, 0) / judged.length;
      const deviation = Math.sqrt(judged.reduce((sum, [, rate]) => sum + (rate - mean) ** 2, 0) / judged.length);
      if (judged.length >= successRate.minimumHosts)
        for (const [host, rate] of judged)
          if (rate < mean - successRate.stdevFactor * deviation) this.#eject(nowMs, host);
    }
    if (failurePercentage !== null) {
      const judged = rates(failurePercentage.requestVolume);
      if (judged.length >= failurePercentage.minimumHosts)
        for (const [host, rate] of judged) if (1 - rate >= failurePercentage.threshold) this.#eject(nowMs, host);
    }
    this.#seen = [];
  }

  #eject(nowMs: number, host: number): void {
    const of = this.#hosts[host]!;
    const ejected = this.#hosts.filter(({ sinceMs }) => sinceMs !== null).length;
    const mayBeFirst = ejected === 0 && this.#plan.alwaysEjectOne;
    const fits = (ejected + 1) / this.#hosts.length <= this.#plan.maxEjectionRatio;
    if (of.sinceMs !== null || !(mayBeFirst || fits)) return;
    of.sinceMs = nowMs;
    if (of.relapses <= Math.floor(this.#plan.maxEjectionTimeMs / this.#plan.baseEjectionTimeMs)) of.relapses++;
  }
}

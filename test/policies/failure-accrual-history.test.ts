// Failure accrual against its definition, written out with every result in a list.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp } from "../../harness/core/math.ts";
import type { FailureAccrualPlan } from "../../harness/model/call-plan.ts";
import { CANCELLED, ERROR, OK } from "../../harness/model/outcome.ts";
import { FailureAccrual } from "../../harness/policies/failure-accrual.ts";

describe("any history of a failure accrual", () => {
  const step = fc.record({
    afterMs: fc.constantFrom(0, 1, 150, 900, 7000),
    cause: fc.constantFrom(OK, OK, ERROR, ERROR, CANCELLED),
    hasLeft: fc.boolean(),
  });
  const anyPlan = fc.record({
    consecutiveFailures: fc.constantFrom(null, 1, 3),
    successRate: fc.constantFrom(null, { required: 0.7, windowMs: 1000, minimumRequests: 3 }),
    markDeadFor: fc.constantFrom({ initialMs: 1000, maxMs: 1000 }, { initialMs: 300, maxMs: 200 }),
    panicThreshold: fc.constant(0),
  });

  it("is that of one which keeps every result in a list", () => {
    let ejections = 0;
    fc.assert(
      fc.property(anyPlan, fc.array(step, { minLength: 20, maxLength: 150 }), (plan, steps) => {
        const machine = new FailureAccrual(plan, 1, 2);
        machine.joined([0], [0]);
        const slow = new SlowAccrual(plan);
        let nowMs = 0;
        for (const { afterMs, cause, hasLeft } of steps) {
          nowMs += afterMs;
          machine.advance(nowMs);
          slow.pass(nowMs);
          expect(machine.isEjected(0)).toBe(slow.isShunned);
          if (hasLeft && !slow.isShunned) {
            machine.started(0);
            slow.started();
          }
          machine.settled(nowMs, 0, cause);
          slow.settled(nowMs, cause);
          expect(machine.isEjected(0)).toBe(slow.isShunned);
        }
        ejections += machine.takeEjections();
      }),
      { numRuns: 1000 },
    );
    expect(ejections).toBeGreaterThan(1000);
  });
});

/** The definition, written out. The plans have times without chance: what is at its longest is exactly that. */
class SlowAccrual {
  readonly #plan: FailureAccrualPlan;
  #life: { sinceMs: number; results: { atMs: number; isOk: boolean }[] } = { sinceMs: 0, results: [] };
  #state: "alive" | "dead" | "open" | "closed" = "alive";
  #untilMs = 0;

  constructor(plan: FailureAccrualPlan) {
    this.#plan = plan;
  }

  get isShunned(): boolean {
    return this.#state === "dead" || this.#state === "closed";
  }

  pass(nowMs: number): void {
    if (this.#state === "dead" && nowMs >= this.#untilMs) this.#state = "open";
  }

  started(): void {
    if (this.#state === "open") this.#state = "closed";
  }

  settled(nowMs: number, cause: number): void {
    if (cause === CANCELLED) {
      if (this.#state === "closed") this.#state = "open";
    } else if (cause === OK) {
      if (this.#state === "closed") {
        this.#state = "alive";
        this.#life = { sinceMs: nowMs, results: [] };
      }
      this.#life.results.push({ atMs: nowMs, isOk: true });
    } else if (this.#state === "alive" || this.#state === "closed") {
      this.#life.results.push({ atMs: nowMs, isOk: false });
      if (this.#isOutlier(nowMs)) {
        this.#state = "dead";
        this.#untilMs = nowMs + Math.min(this.#plan.markDeadFor.initialMs, this.#plan.markDeadFor.maxMs);
      } else if (this.#state === "closed") this.#state = "open";
    }
  }

  #isOutlier(nowMs: number): boolean {
    const { consecutiveFailures, successRate } = this.#plan;
    const { sinceMs, results } = this.#life;
    const inRow = results.length - 1 - results.findLastIndex(({ isOk }) => isOk);
    if (consecutiveFailures !== null && inRow >= consecutiveFailures) return true;
    if (successRate === null || nowMs - sinceMs < successRate.windowMs) return false;
    let rate = results[0]!.isOk ? 1 : 0;
    for (let i = 1; i < results.length; i++) {
      const weight = exp((results[i - 1]!.atMs - results[i]!.atMs) / successRate.windowMs);
      rate = rate * weight + (results[i]!.isOk ? 1 - weight : 0);
    }
    return rate < successRate.required && this.#inWindow(successRate.windowMs) >= successRate.minimumRequests;
  }

  /** Slices of a fifth: a new one begins with the first result after the one before is over. */
  #inWindow(windowMs: number): number {
    const sliceMs = windowMs / 5;
    let slice = 0;
    let startMs = this.#life.sinceMs;
    const slices = this.#life.results.map(({ atMs }) => {
      const passed = Math.floor((atMs - startMs) / sliceMs);
      if (passed > 0) startMs = atMs;
      return (slice += passed);
    });
    return slices.filter((each) => each > slice - 5).length;
  }
}

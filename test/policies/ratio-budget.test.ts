import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RatioBudgetPlan } from "../../harness/model/call-plan.ts";
import { RatioBudget, ratioBudgetSchema } from "../../harness/policies/ratio-budget.ts";
import { atPace } from "../../harness/schema/at-pace.ts";

function plan(changes: Partial<RatioBudgetPlan> = {}): RatioBudgetPlan {
  return { type: "ratio", ratio: 0.2, minPerSecond: 0, ttlMs: 10_000, ...changes };
}

/** Withdraws until refused. */
function drain(budget: RatioBudget, nowMs: number): number {
  let retries = 0;
  while (budget.tryWithdraw(nowMs)) retries++;
  return retries;
}

describe("a ratio budget", () => {
  it("allows one retry for five calls at a ratio of 20 %", () => {
    const budget = new RatioBudget(plan());
    for (let call = 0; call < 4; call++) budget.deposit(0);
    expect(budget.tryWithdraw(0)).toBe(false);
    budget.deposit(0);
    expect(budget.tryWithdraw(0)).toBe(true);
    expect(budget.tryWithdraw(0)).toBe(false);
  });

  it("allows two retries a call at a ratio of 2", () => {
    const budget = new RatioBudget(plan({ ratio: 2 }));
    budget.deposit(0);
    expect(drain(budget, 0)).toBe(2);
  });

  it("has a reserve of minPerSecond over its time to live", () => {
    expect(drain(new RatioBudget(plan({ minPerSecond: 10 })), 0)).toBe(100);
    expect(drain(new RatioBudget(plan({ minPerSecond: 10, ratio: 0 })), 0)).toBe(100);
  });

  it("never allows a retry with neither ratio nor reserve", () => {
    const budget = new RatioBudget(plan({ ratio: 0 }));
    budget.deposit(0);
    expect(budget.tryWithdraw(0)).toBe(false);
  });

  it.each([
    [9_900, 10],
    [10_000, 0],
    [100_000, 0],
  ])("has after %d ms %d retries left of a burst of 50 calls", (nowMs, retries) => {
    const budget = new RatioBudget(plan());
    for (let call = 0; call < 50; call++) budget.deposit(0);
    expect(budget.balance(nowMs)).toBe(retries);
  });

  it("gives the reserve back after the time to live", () => {
    const budget = new RatioBudget(plan({ minPerSecond: 1 }));
    expect(drain(budget, 0)).toBe(10);
    expect(budget.tryWithdraw(9_000)).toBe(false);
    expect(drain(budget, 21_000)).toBe(10);
  });

  it("keeps retries at ratio × calls plus the reserve under a lasting outage", () => {
    const budget = new RatioBudget(plan({ minPerSecond: 10 }));
    let retries = 0;
    const seconds = 200;
    for (let ms = 0; ms < seconds * 1000; ms += 2) {
      budget.deposit(ms);
      for (let attempt = 0; attempt < 3; attempt++) if (budget.tryWithdraw(ms)) retries++;
    }
    // 500 calls/s × 0.2 + 10/s; the reserve is there once at the start besides.
    expect(retries / seconds).toBeGreaterThan(105);
    expect(retries / seconds).toBeLessThan(112);
  });

  it("behaves as a list of deposits in slices", () => {
    const step = fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), isDeposit: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.constantFrom(0, 0.1, 0.3, 1, 2.5),
        fc.integer({ min: 0, max: 3 }),
        (steps, ratio, minPerSecond) => {
          const twin = plan({ ttlMs: 1000, ratio, minPerSecond });
          const budget = new RatioBudget(twin);
          const slow = new SlowBudget(twin);
          let nowMs = 0;
          for (const { afterMs, isDeposit } of steps) {
            nowMs += afterMs;
            if (isDeposit) {
              budget.deposit(nowMs);
              slow.deposit(nowMs);
            } else {
              expect(budget.tryWithdraw(nowMs)).toBe(slow.tryWithdraw(nowMs));
            }
          }
        },
      ),
    );
  });

  it("has Finagle's defaults", () => {
    expect(atPace(ratioBudgetSchema.parse({}), 1)).toEqual(plan({ minPerSecond: 10 }));
    expect(atPace(ratioBudgetSchema.parse({}), 20)).toEqual(plan({ minPerSecond: 10, ttlMs: 500 }));
  });
});

/** Every amount with the number of its slice; slices begin when the one before is seen to be over. */
class SlowBudget {
  readonly #plan: RatioBudgetPlan;
  readonly #amounts: { slice: number; tokens: number }[] = [];
  #slice = 0;
  #sliceStartMs = 0;

  constructor(plan: RatioBudgetPlan) {
    this.#plan = plan;
  }

  deposit(nowMs: number): void {
    this.#move(nowMs);
    this.#amounts.push({ slice: this.#slice, tokens: this.#plan.ratio === 0 ? 0 : 1000 });
  }

  tryWithdraw(nowMs: number): boolean {
    this.#move(nowMs);
    const cost = this.#plan.ratio === 0 ? 1 : Math.trunc(1000 / this.#plan.ratio);
    const kept = this.#amounts.filter(({ slice }) => slice > this.#slice - 10);
    const balance = kept.reduce((sum, { tokens }) => sum + tokens, 0);
    const reserve = this.#plan.minPerSecond * (this.#plan.ttlMs / 1000) * cost;
    if (balance + reserve < cost) return false;
    this.#amounts.push({ slice: this.#slice, tokens: -cost });
    return true;
  }

  #move(nowMs: number): void {
    const slices = Math.floor((nowMs - this.#sliceStartMs) / (this.#plan.ttlMs / 10));
    if (slices === 0) return;
    this.#slice += slices;
    this.#sliceStartMs = nowMs;
  }
}

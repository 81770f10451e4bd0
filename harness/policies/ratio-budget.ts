// Retries in proportion to calls: each call pays in for a share of a retry.
// Source: Finagle `RetryBudget` over twitter/util `TokenBucket.newLeakyBucket` and `WindowedAdder`.
import * as z from "zod";
import type { RatioBudgetPlan } from "../model/call-plan.ts";
import { duration } from "../schema/duration.ts";
import { factor } from "../schema/ratio.ts";

/** Written `retry.budget`; the output becomes a RatioBudgetPlan at a pace. */
export const ratioBudgetSchema = z
  .strictObject({
    type: z.literal("ratio").default("ratio").describe("ratio: retries in proportion to calls, as Finagle."),
    ratio: factor().prefault("20%").describe("Retries allowed per call."),
    minPerSecond: z
      .number()
      .min(0)
      .default(10)
      .describe("Retries per second that are allowed however few calls there are."),
    ttl: duration("control").prefault("10s").describe("How long a call's deposit lasts."),
  })
  .transform((written) => ({
    type: written.type,
    ratio: written.ratio,
    minPerSecond: written.minPerSecond,
    ttlMs: written.ttl,
  }));

const SLICES = 10;
/** Tokens that one call deposits: Finagle's scale, so that the cost of a retry is a whole number. */
const DEPOSIT = 1000;

export class RatioBudget {
  readonly #sliceMs: number;
  readonly #cost: number;
  readonly #deposit: number;
  readonly #reserve: number;
  /** Net deposits of the newest slice, which is being filled, and of the closed ones before it. */
  #newest = 0;
  readonly #closed = new Float64Array(SLICES - 1);
  /** The oldest of the closed slices, and their sum. */
  #oldest = 0;
  #closedSum = 0;
  /** Start of the newest slice; as in Finagle a slice starts when the one before is seen to be over. */
  readonly #startMs = new Float64Array(1);

  constructor(plan: RatioBudgetPlan) {
    this.#sliceMs = plan.ttlMs / SLICES;
    this.#deposit = plan.ratio === 0 ? 0 : DEPOSIT;
    this.#cost = plan.ratio === 0 ? 1 : Math.trunc(DEPOSIT / plan.ratio);
    this.#reserve = plan.minPerSecond * (plan.ttlMs / 1000) * this.#cost;
  }

  /** One call begins (not one attempt). */
  deposit(nowMs: number): void {
    this.#advance(nowMs);
    this.#newest += this.#deposit;
  }

  /** True, and paid for, where a retry is allowed now. */
  tryWithdraw(nowMs: number): boolean {
    this.#advance(nowMs);
    if (this.#closedSum + this.#newest + this.#reserve < this.#cost) return false;
    this.#newest -= this.#cost;
    return true;
  }

  /** Retries that could be made now. */
  balance(nowMs: number): number {
    this.#advance(nowMs);
    return Math.max(0, Math.floor((this.#closedSum + this.#newest + this.#reserve) / this.#cost));
  }

  #advance(nowMs: number): void {
    const elapsedMs = nowMs - this.#startMs[0]!;
    if (elapsedMs < this.#sliceMs) return;
    this.#close(this.#newest);
    this.#newest = 0;
    const skipped = Math.min(Math.floor(elapsedMs / this.#sliceMs) - 1, SLICES - 1);
    for (let i = 0; i < skipped; i++) this.#close(0);
    this.#startMs[0] = nowMs;
  }

  /** Puts a slice in the place of the oldest. All amounts are whole numbers, so the running sum stays exact. */
  #close(tokens: number): void {
    this.#closedSum += tokens - this.#closed[this.#oldest]!;
    this.#closed[this.#oldest] = tokens;
    this.#oldest = (this.#oldest + 1) % (SLICES - 1);
  }
}

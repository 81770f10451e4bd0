// Slow start: a new endpoint gets a share that grows over a window, so that a cold instance is not given its full load.
// Source: Envoy `slow_start_config`: weight × max(minimum weight, (time ÷ window)^(1 ÷ aggression)). While any endpoint
// is in its window, the next one is the first by deadline (EDF), each pick moving its deadline on by 1 ÷ weight; with
// least request the weight is divided by active attempts + 1. Afterwards the plain policy goes on.
import * as z from "zod";
import { grow } from "../core/grow.ts";
import { pow } from "../core/math.ts";
import type { SlowStartPlan } from "../model/call-plan.ts";
import { duration, type ControlTime } from "../schema/duration.ts";
import { factor, ratio } from "../schema/ratio.ts";
import type { IssueParams } from "../schema/written.ts";

/** Written `loadBalancer.slowStart`; the output becomes a SlowStartPlan at a pace. */
export const slowStartSchema = z
  .strictObject({
    window: duration("control").describe("How long it takes until a new endpoint gets its full share."),
    minWeight: ratio().prefault("10%").describe("Its share is never below this part of a full one. Envoy: 10%."),
    aggression: factor()
      .superRefine((value, context) => {
        const params: IssueParams = { code: "out-of-range", hint: "1 grows evenly; more grows faster at first" };
        if (value === 0) context.addIssue({ code: "custom", message: "aggression must be above 0", params });
      })
      .prefault(1)
      .describe("The share is (time ÷ window)^(1 ÷ aggression). Envoy: 1."),
  })
  .transform((written): Omit<SlowStartPlan, "windowMs"> & { readonly windowMs: ControlTime } => ({
    windowMs: written.window,
    minimumWeight: written.minWeight,
    aggression: written.aggression,
  }))
  .optional()
  .describe("A new endpoint gets its full share only after a while (roundRobin and leastRequest, as in Envoy).");

/** Envoy counts at least a millisecond, so that no weight is 0. */
const LEAST_MS = 1;

export class SlowStart {
  readonly #plan: SlowStartPlan;
  /** Slots in their window, and by slot: since when, NaN where nobody has looked yet. */
  #warming: number[] = [];
  #sinceMs = new Float64Array(0);
  #isFirst = true;
  /** By slot; below `#now` for one that has not taken part. */
  #deadlines = new Float64Array(0);
  #now = 0;

  constructor(plan: SlowStartPlan) {
    this.#plan = plan;
  }

  /** The endpoints of a new route, and those among them that are new. The first ones ever have nobody to start behind. */
  joined(slots: readonly number[], newcomers: readonly number[]): void {
    const routed = new Set(slots);
    this.#warming = this.#warming.filter((slot) => routed.has(slot) && !newcomers.includes(slot));
    const highest = Math.max(-1, ...slots);
    if (highest >= this.#sinceMs.length) {
      this.#sinceMs = grow(this.#sinceMs, highest + 1);
      this.#deadlines = grow(this.#deadlines, highest + 1);
    }
    for (const slot of newcomers) {
      this.#deadlines[slot] = -1;
      if (this.#isFirst) continue;
      this.#sinceMs[slot] = NaN;
      this.#warming.push(slot);
    }
    if (slots.length > 0) this.#isFirst = false;
  }

  /** Whether any endpoint is in its window; one that is new enters it now. */
  isUnderWay(nowMs: number): boolean {
    if (this.#warming.length === 0) return false;
    for (const slot of this.#warming) if (Number.isNaN(this.#sinceMs[slot])) this.#sinceMs[slot] = nowMs;
    if (this.#warming.some((slot) => nowMs - this.#sinceMs[slot]! >= this.#plan.windowMs))
      this.#warming = this.#warming.filter((slot) => nowMs - this.#sinceMs[slot]! < this.#plan.windowMs);
    return this.#warming.length > 0;
  }

  /** The next of these slots; `active` by slot where busy ones are to get less, else null. */
  pick(slots: Int32Array, nowMs: number, active: Int32Array | null): number {
    let best = -1;
    for (const slot of slots) {
      if (this.#deadlines[slot]! < this.#now) this.#deadlines[slot] = this.#now + 1 / this.#weight(slot, nowMs, active);
      if (best === -1 || this.#deadlines[slot]! < this.#deadlines[best]!) best = slot;
    }
    this.#now = this.#deadlines[best]!;
    this.#deadlines[best] = this.#now + 1 / this.#weight(best, nowMs, active);
    return best;
  }

  #weight(slot: number, nowMs: number, active: Int32Array | null): number {
    const full = active === null ? 1 : 1 / (active[slot]! + 1);
    if (!this.#warming.includes(slot)) return full;
    const { windowMs, minimumWeight, aggression } = this.#plan;
    const part = Math.max(LEAST_MS, nowMs - this.#sinceMs[slot]!) / windowMs;
    const share = aggression === 1 ? part : pow(part, 1 / aggression);
    return full * Math.min(1, Math.max(minimumWeight, share));
  }
}

// A client that holds itself back: the more of its calls the callee turns away, the fewer it lets out.
// Source: Beyer et al., Site Reliability Engineering, chapter 21, "Client-Side Throttling":
// a call is refused with probability max(0, (requests − K × accepts) / (requests + 1)) over the last two minutes.
import * as z from "zod";
import { hashText, unit } from "../core/key.ts";
import type { ThrottlePlan } from "../model/call-plan.ts";
import { ERROR, OK, WRONG } from "../model/outcome.ts";
import { duration } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import { TimeWindow } from "./call-window.ts";

/** Written `throttle`; the output becomes a ThrottlePlan at a pace. */
export const throttleSchema = z
  .strictObject({
    type: z.literal("adaptive").default("adaptive").describe("adaptive: Google's client-side throttling."),
    k: z
      .number()
      .min(1)
      .max(1000)
      .default(2)
      .describe(
        "Calls that are let out for each one that the callee accepts: 1 is strict, 2 lets it see recovery soon.",
      ),
    window: duration("control").prefault("120s").describe("What requests and accepts are counted over."),
    maxRejectionRatio: ratio()
      .prefault("90%")
      .describe("At most this share is refused, so that the caller goes on seeing what the callee does."),
  })
  .transform((written) => ({
    k: written.k,
    windowMs: written.window,
    maxRejectionRatio: written.maxRejectionRatio,
  }))
  .describe("Refuses calls by itself (`shed`) as the callee turns them away.");

const PURPOSE = hashText("policies/throttle");

/** The window slides in so many steps. */
const SLICES = 60;

export class Throttle {
  readonly #plan: ThrottlePlan;
  readonly #sliceMs: number;
  readonly #requests = new TimeWindow(SLICES);
  readonly #accepts = new TimeWindow(SLICES);

  constructor(plan: ThrottlePlan) {
    this.#plan = plan;
    this.#sliceMs = plan.windowMs / SLICES;
  }

  /** Whether the call of this key may go out. Those that may not count as requests, too. */
  admits(nowMs: number, high: number, low: number): boolean {
    const probability = this.probability(nowMs);
    this.#requests.record(Math.floor(nowMs / this.#sliceMs), false, false);
    return probability === 0 || unit(high, low, PURPOSE) >= probability;
  }

  /** A call that was let out has ended. Whoever answers, if only with an error, has accepted it. */
  ended(nowMs: number, cause: number): void {
    if (cause === OK || cause === WRONG || cause === ERROR)
      this.#accepts.record(Math.floor(nowMs / this.#sliceMs), false, false);
  }

  /** With which probability a call would be refused now. */
  probability(nowMs: number): number {
    const slice = Math.floor(nowMs / this.#sliceMs);
    this.#requests.forget(slice);
    this.#accepts.forget(slice);
    const requests = this.#requests.calls;
    const share = (requests - this.#plan.k * this.#accepts.calls) / (requests + 1);
    return Math.min(this.#plan.maxRejectionRatio, Math.max(0, share));
  }
}

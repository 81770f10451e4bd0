// How long to wait before trying again: exponential delays with a cap, and every jitter in common use.
// Sources: AWS "Exponential Backoff And Jitter" and its simulator (none, full, equal, decorrelated), Polly v8
// RetryHelper.DecorrelatedJitterBackoffV2, gRPC proposal A6 (proportional, 0.2), Resilience4j (proportional, 0.5).
import * as z from "zod";
import { unreachable } from "../core/assert.ts";
import { hashText, unit } from "../core/key.ts";
import { exp, pow } from "../core/math.ts";
import type { BackoffPlan } from "../model/call-plan.ts";
import { duration } from "../schema/duration.ts";
import { factor, ratio } from "../schema/ratio.ts";
import type { IssueParams } from "../schema/written.ts";

/** Written `retry.backoff`; the output is a BackoffPlan. */
export const backoffSchema = z
  .strictObject({
    initial: duration("request").prefault("100ms").describe("Delay before the first retry."),
    max: duration("request").prefault("1s").describe("No delay is longer (proportional jitter is added on top)."),
    multiplier: atLeastOne().prefault(2).describe("Each delay is so many times the one before."),
    jitter: z
      .enum(["none", "full", "equal", "decorrelated", "decorrelatedV2", "proportional"])
      .default("full")
      .describe(
        "With v = min(max, initial × multiplier^(retry − 1)): none is v; full U(0, v); equal v/2 + U(0, v/2); " +
          "proportional v × U(1 − p, 1 + p); decorrelated min(max, U(initial, 3 × the previous delay)), as AWS; " +
          "decorrelatedV2 Polly's smooth one.",
      ),
    proportion: ratio().prefault(0.2).describe("The p of proportional jitter. gRPC 0.2, Resilience4j 0.5."),
  })
  .transform((written): BackoffPlan => ({
    initialMs: written.initial,
    maxMs: written.max,
    multiplier: written.multiplier,
    jitter: written.jitter,
    proportion: written.proportion,
  }))
  .describe("The wait between tries; `none` retries at once.");

function atLeastOne() {
  return factor().superRefine((value, context) => {
    const params: IssueParams = { code: "out-of-range", hint: "1 keeps the delay constant" };
    if (value < 1) context.addIssue({ code: "custom", message: "a multiplier must be at least 1", params });
  });
}

const PURPOSE = hashText("policies/backoff");

/** Retries beyond this many wait as long as the last of these. */
const TABLE_LENGTH = 100;

export class Backoff {
  readonly #plan: BackoffPlan;
  /** min(max, initial × multiplier^(retry − 1)) by retry − 1, up to the first that reaches the cap. */
  readonly #delaysMs: Float64Array;

  constructor(plan: BackoffPlan) {
    this.#plan = plan;
    this.#delaysMs = cappedDelays(plan);
  }

  /**
   * The delay before a retry, in ms. `retry` counts from 1; `previousMs` is what this returned for the retry
   * before (ignored for the first). `high` and `low` are the key of the *call*, the same for all its retries.
   */
  delayMs(retry: number, previousMs: number, high: number, low: number): number {
    const plan = this.#plan;
    const delays = this.#delaysMs;
    const delayMs = delays[retry <= delays.length ? retry - 1 : delays.length - 1]!;
    switch (plan.jitter) {
      case "none":
        return delayMs;
      case "full":
        return delayMs * draw(retry, high, low);
      case "equal":
        return delayMs * (0.5 + 0.5 * draw(retry, high, low));
      case "proportional":
        return delayMs * (1 + plan.proportion * (2 * draw(retry, high, low) - 1));
      case "decorrelated": {
        const before = retry === 1 ? plan.initialMs : previousMs;
        return Math.min(plan.maxMs, plan.initialMs + (3 * before - plan.initialMs) * draw(retry, high, low));
      }
      case "decorrelatedV2": {
        const before = retry === 1 ? 0 : smooth(retry - 2 + draw(retry - 1, high, low));
        const now = smooth(retry - 1 + draw(retry, high, low));
        // Polly's 1.4 brings the median moments of the retries near initial, 2 × initial, 4 × initial … after the first try.
        return Math.min(plan.maxMs, ((now - before) * plan.initialMs) / 1.4);
      }
      default:
        return unreachable(plan.jitter);
    }
  }
}

/** Uniform in (0, 1): a draw of its own for each retry of a call. */
function draw(retry: number, high: number, low: number): number {
  return unit(high, low, (PURPOSE + retry) | 0);
}

/** Polly's curve 2^t × tanh(√(4t)), increasing in t ≥ 0. */
function smooth(t: number): number {
  return pow(2, t) * (1 - 2 / (exp(2 * Math.sqrt(4 * t)) + 1));
}

function cappedDelays(plan: BackoffPlan): Float64Array {
  const delays: number[] = [];
  let delayMs = plan.initialMs;
  while (delays.length < TABLE_LENGTH - 1 && delayMs < plan.maxMs) {
    delays.push(delayMs);
    delayMs *= plan.multiplier;
  }
  delays.push(Math.min(delayMs, plan.maxMs));
  return Float64Array.from(delays);
}

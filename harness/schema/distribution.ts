// A distribution goes wherever a time goes: `20ms`, `{ p50: 20ms, p99: 120ms }`, `{ mean: 10ms, shape: exponential }` …
import * as z from "zod";
import type { Distribution } from "../core/distribution.ts";
import { count } from "./count.ts";
import { millisecondsOf, TIME_PATTERN, type DurationKind } from "./duration.ts";
import { written } from "./written.ts";

/** A distribution of control time, as written; `at-pace.ts` turns it into a plain one. */
export interface ControlDistribution {
  readonly isControlTime: true;
  readonly control: Distribution;
}

type DistributionSchema<T> = z.ZodType<T>;

/** A constant time or a distribution of times, all of one kind. */
export function distribution(kind: "request"): DistributionSchema<Distribution>;
export function distribution(kind: "control"): DistributionSchema<ControlDistribution>;
export function distribution(
  kind: DurationKind,
): DistributionSchema<Distribution> | DistributionSchema<ControlDistribution> {
  return kind === "request" ? requestTime : controlTime;
}

function constant(kind: DurationKind) {
  return time(kind).transform((ms): Distribution => ({ kind: "constant", ms }));
}

function percentiles(kind: DurationKind) {
  return z
    .strictObject({
      p50: time(kind).describe("Half of all draws lie below."),
      p99: time(kind).describe("99 of 100 draws lie below."),
    })
    .superRefine(({ p50, p99 }, context) => {
      if (!(p50 > 0 && p99 >= p50))
        refuse(context, "p99", "`p99` must not lie below `p50`, and `p50` must be above 0");
    })
    .transform(({ p50, p99 }): Distribution => ({ kind: "lognormal", p50Ms: p50, p99Ms: p99 }))
    .describe("Log-normal through both percentiles.");
}

function moments(kind: DurationKind) {
  const mean = time(kind).describe("The mean.");
  const exponential = z
    .strictObject({ mean, shape: z.literal("exponential").describe("Memoryless.") })
    .transform((form): Distribution => ({ kind: "exponential", meanMs: form.mean }));
  const erlang = z
    .strictObject({
      mean,
      shape: z.literal("erlang").describe("The sum of `k` exponential stages."),
      k: count().describe("Number of exponential stages."),
    })
    .superRefine(({ k }, context) => {
      if (k < 1 || k > 1000) refuse(context, "k", "`k` must lie between 1 and 1000");
    })
    .transform((form): Distribution => ({ kind: "erlang", meanMs: form.mean, k: form.k }));
  const pareto = z
    .strictObject({
      mean,
      shape: z.literal("pareto").describe("Heavy-tailed."),
      alpha: z.number().describe("Tail index, above 1: the smaller, the heavier the tail."),
    })
    .superRefine(({ alpha }, context) => {
      if (!(alpha > 1)) refuse(context, "alpha", "`alpha` must be above 1, else there is no mean");
    })
    .transform((form): Distribution => ({ kind: "pareto", meanMs: form.mean, alpha: form.alpha }));
  return z.union([exponential, erlang, pareto]);
}

function uniform(kind: DurationKind) {
  return z
    .strictObject({ uniform: z.tuple([time(kind), time(kind)]).describe("From and to.") })
    .superRefine((form, context) => {
      if (form.uniform[1] < form.uniform[0])
        refuse(context, "uniform", "the second time must not lie below the first");
    })
    .transform((form): Distribution => ({
      kind: "uniform",
      fromMs: form.uniform[0],
      toMs: form.uniform[1],
    }));
}

function samples(kind: DurationKind) {
  return z
    .strictObject({
      samples: z
        .array(time(kind))
        .min(1)
        .max(10_000)
        .describe("Measured times, each as likely as the others."),
    })
    .transform((form): Distribution => ({ kind: "samples", samplesMs: form.samples }));
}

/** Milliseconds as written, whatever the kind: the distribution as a whole carries the kind's brand. */
function time(kind: DurationKind) {
  return written({
    what: "a time",
    code: "bad-time",
    hint: "write a number and a unit, such as `20ms`, or a distribution, such as `{ p50: 20ms, p99: 120ms }`",
    read: millisecondsOf,
    advise: (value) =>
      typeof value === "number" && value >= 0
        ? `a time needs its unit: \`${value}ms\` or \`${value}s\``
        : null,
    json: { type: "string", pattern: TIME_PATTERN, "x-time": kind },
  });
}

function refuse(context: z.RefinementCtx, key: string, message: string): void {
  context.addIssue({
    code: "custom",
    path: [key],
    message,
    params: { code: "out-of-range", hint: null },
  });
}

/** One schema of each kind for all fields, so that editors and the reference describe it once. */
const requestTime = forms("request").meta({ id: "requestTime" });
const controlTime = forms("control")
  .transform((control): ControlDistribution => ({ isControlTime: true, control }))
  .meta({ id: "controlTime" });

function forms(kind: DurationKind) {
  return z.union([constant(kind), percentiles(kind), moments(kind), uniform(kind), samples(kind)]);
}

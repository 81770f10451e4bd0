// Who notices and what they do: gates, alerts, and the rules of a strategy.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { later, refuseLater } from "../schema/later.ts";
import { limit } from "../schema/limit.ts";
import { name } from "../schema/name.ts";

const metric = z.string().min(1).describe("A metric's address, or a short name.");

/** The limits on a metric; exactly one of the three. */
export const limitShape = {
  atLeast: limit().optional().describe("The metric must not lie below."),
  atMost: limit().optional().describe("The metric must not lie above."),
  between: z.tuple([limit(), limit()]).optional().describe("The metric must lie between both."),
};

/** Refuses anything but exactly one of atLeast, atMost and between. */
export function refuseLimits(form: object, context: z.RefinementCtx): void {
  const given = Object.keys(limitShape).filter((key) => (form as Record<string, unknown>)[key] !== undefined);
  if (given.length === 1) return;
  const message =
    given.length === 0
      ? "a limit is missing: `atLeast`, `atMost` or `between`"
      : `${given.map((key) => `\`${key}\``).join(" and ")} exclude each other`;
  context.addIssue({
    code: "custom",
    path: given.slice(1, 2),
    message,
    params: { code: given.length === 0 ? "missing-key" : "bad-value", hint: null },
  });
}

const gateMetric = z
  .strictObject({
    metric,
    over: duration("control").optional().describe("How far back each measurement looks; the interval by default."),
    ...limitShape,
  })
  .superRefine(refuseLimits);

export const analysisSchema = z.strictObject({
  interval: duration("control").describe("Between measurements."),
  count: count(1).describe("Number of measurements."),
  failureLimit: count().prefault(0).describe("Fails when more measurements than this failed."),
  initialDelay: duration("control").prefault("0s").describe("Before the first measurement."),
  onNoData: z.enum(["abort", "pause", "ignore"]).default("pause").describe("When a measurement has no data."),
  metrics: z.array(gateMetric).min(1).max(50).describe("Short names mean the new version of the released service."),
});

const burnRateAlert = z.strictObject({
  of: name().describe("A journey with an objective."),
  long: duration("control").describe("The long window: enough has burned."),
  short: duration("control").describe("The short window: it is still burning."),
  burnRate: z.number().positive().describe("How many times faster than the objective allows the error budget burns."),
  pages: name().optional().describe("The team to page."),
});

const metricAlert = z
  .strictObject({
    metric,
    of: name().optional().describe("The service that a short name is about."),
    over: duration("control").describe("The window."),
    ...limitShape,
    pages: name().optional().describe("The team to page."),
  })
  .superRefine(refuseLimits);

/** Fires while its condition holds. */
export const alertSchema = z.union([burnRateAlert, metricAlert]);

const action = z.string().min(1);
const actions = z.union([action, z.array(action).min(1).max(10)]).describe("`rollback`, or names of `remedies`.");

const trigger = {
  at: duration("control").optional().describe("At a time."),
  when: z
    .string()
    .optional()
    .superRefine((when, context) => {
      if (when === "readiness") refuseLater(context, "responses to readiness");
    })
    .describe("When the analysis fails (`analysis`) or an alert fires (its name)."),
};

const by = name().optional().describe("The team that does it by hand; automatic without.");

/** One rule of `respond`. */
export const ruleSchema = z
  .strictObject({
    ...trigger,
    by,
    do: actions,
    via: later("actions by way of a service", z.string()),
    otherwise: later("out-of-band times", duration("control")),
  })
  .superRefine(refuseTrigger);

/** `rollback:` beside `rollout:`, short for one rule. */
export const rollbackSchema = z
  .strictObject({ ...trigger, by, how: later("ways of rolling back", z.unknown()) })
  .superRefine(refuseTrigger);

export type WrittenRule = z.output<typeof ruleSchema>;

function refuseTrigger(rule: { at?: unknown; when?: unknown }, context: z.RefinementCtx): void {
  if ((rule.at === undefined) !== (rule.when === undefined)) return;
  const message = rule.at === undefined ? "a rule needs `when` or `at`" : "`when` and `at` exclude each other";
  context.addIssue({
    code: "custom",
    message,
    params: { code: rule.at === undefined ? "missing-key" : "bad-value", hint: null },
  });
}

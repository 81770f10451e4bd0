// Gates, alerts and the rules of a strategy: who notices and what they do.
import { suggest } from "../core/suggest.ts";
import type { AlertPlan, AnalysisPlan, ResponsePlan } from "../model/release-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { AddressNames } from "../signals/address.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import { compileLimit, fullAddress, metricAt } from "./metric.ts";
import type { Names } from "./names.ts";
import type { WrittenRule } from "./response-schema.ts";

export interface ResponseContext {
  readonly addresses: AddressNames;
  readonly journeys: Names;
  readonly services: Names;
  readonly teams: Names;
  readonly alerts: Names;
  /** The service whose release is judged, or null where there is none or more than one. */
  readonly released: string | null;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

export function compileAnalysis(
  name: string,
  written: PacedScenario["analysis"][string],
  context: ResponseContext,
  cursor: Cursor,
): AnalysisPlan {
  const prefix = context.released === null ? null : `services.${context.released}@new`;
  return {
    name,
    intervalMs: positive(written.interval, cursor.at("interval")),
    count: written.count,
    failureLimit: written.failureLimit,
    initialDelayMs: written.initialDelay,
    onNoData: written.onNoData,
    metrics: written.metrics.map((gate, index) => {
      const place = cursor.at("metrics", index);
      const address = metricAt(fullAddress(gate.metric, prefix), context.addresses, place.at("metric"));
      return {
        metric: address?.text ?? "",
        overMs: positive(gate.over ?? written.interval, place.at("over")),
        limit: compileLimit(gate, address, place),
      };
    }),
  };
}

export function compileAlert(
  name: string,
  written: PacedScenario["alerts"][string],
  scenario: PacedScenario,
  context: ResponseContext,
  cursor: Cursor,
): AlertPlan {
  if (name === "analysis" || name === "readiness")
    cursor.errorAtKey("bad-name", `\`${name}\` has a meaning of its own in \`when\``, "give the alert another name");
  const pages = written.pages ?? null;
  if (pages !== null) context.teams.find(pages, cursor.at("pages"));
  if (!("burnRate" in written)) {
    const address = metricAt(
      fullAddress(written.metric, prefixOf(written.of, context, cursor)),
      context.addresses,
      cursor.at("metric"),
    );
    return {
      name,
      pages,
      condition: {
        type: "metric",
        metric: address?.text ?? "",
        overMs: positive(written.over, cursor.at("over")),
        limit: compileLimit(written, address, cursor),
      },
    };
  }
  const journey = context.journeys.find(written.of, cursor.at("of"));
  if (journey !== -1 && cursor.problems.isWhole && scenario.journeys[written.of]!.objective.good === undefined) {
    cursor
      .at("of")
      .error(
        "missing-key",
        `the journey \`${written.of}\` promises nothing that could burn`,
        "give it an `objective: { good: 99.9% }`",
      );
  }
  if (journey !== -1 && scenario.journeys[written.of]!.objective.good === 1)
    cursor
      .at("of")
      .error(
        "out-of-range",
        `the journey \`${written.of}\` promises 100%, which leaves no error budget to burn`,
        "alert on its availability instead: `{ metric: availability, of: …, over: 1m, atLeast: 100% }`",
      );
  if (written.short > written.long)
    cursor.at("short").error("out-of-range", "the short window must not be longer than the long one");
  const longMs = positive(written.long, cursor.at("long"));
  return {
    name,
    pages,
    condition: {
      type: "burnRate",
      journey,
      longMs,
      shortMs: positive(written.short, cursor.at("short")),
      burnRate: written.burnRate,
    },
  };
}

/** `cursor` stands on the rule. */
export function compileRule(
  rule: AtPace<WrittenRule>,
  remedies: readonly string[],
  context: ResponseContext,
  cursor: Cursor,
): ResponsePlan {
  if (rule.by !== undefined) context.teams.find(rule.by, cursor.at("by"));
  const actions = typeof rule.do === "string" ? [rule.do] : rule.do;
  actions.forEach((action, index) =>
    checkAction(action, remedies, typeof rule.do === "string" ? cursor.at("do") : cursor.at("do", index)),
  );
  return { when: compileWhen(rule, context, cursor), by: rule.by ?? null, actions };
}

function compileWhen(
  rule: { readonly at?: number | undefined; readonly when?: string | undefined },
  context: ResponseContext,
  cursor: Cursor,
): ResponsePlan["when"] {
  const { at, when } = rule;
  if (at !== undefined) {
    if (at > context.durationMs)
      cursor.at("at").error("out-of-range", "this is after the end of the run", "raise `duration`, or act earlier");
    return { type: "at", atMs: context.warmUpMs + at };
  }
  if (when === undefined || when === "analysis") return { type: "analysis" };
  if (context.alerts.has(when)) return { type: "alert", alert: context.alerts.indexOf(when) };
  if (cursor.problems.isLeftOut(when)) return { type: "analysis" };
  cursor
    .at("when")
    .error("unknown-name", `there is no alert \`${when}\``, suggest(when, ["analysis", ...context.alerts.list]));
  return { type: "analysis" };
}

function checkAction(action: string, remedies: readonly string[], cursor: Cursor): void {
  if (action === "rollback" || remedies.includes(action) || cursor.problems.isLeftOut(action)) return;
  if (action === "rollForward")
    return cursor.error(
      "not-supported-yet",
      "rolling forward is not supported yet",
      "use `do: rollback`, or a remedy with `changes`",
    );
  cursor.error("unknown-name", `there is no action \`${action}\``, suggest(action, ["rollback", ...remedies]));
}

/** A short name of an alert is about a service, or a journey. */
function prefixOf(of: string | undefined, { services, journeys }: ResponseContext, cursor: Cursor): string | null {
  if (of === undefined) return null;
  if (journeys.has(of) && !services.has(of)) return `journeys.${of}`;
  return services.find(of, cursor.at("of")) === -1 ? null : `services.${of}`;
}

function positive(ms: number, cursor: Cursor): number {
  if (!(ms > 0)) cursor.error("out-of-range", "this must be longer than nothing");
  return ms;
}

// A strategy in words, as `plan` prints it before anything runs.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { Amount, CanaryStep, LimitPlan, ResponsePlan, RolloutPlan } from "../model/release-plan.ts";
import { clockText, durationText } from "./duration-text.ts";
import { percentText } from "./number-text.ts";

/** How the version reaches the fleet. */
export function rolloutWords(plan: Plan): string {
  const { rollout } = plan;
  return rollout === null ? "nothing is released" : wordsOf(plan, rollout);
}

/** Who does what when, one line a rule. */
export function responseWords(plan: Plan): string[] {
  return plan.responses.length === 0
    ? ["never rolled back"]
    : plan.responses.map((response) => ruleWords(plan, response));
}

function wordsOf(plan: Plan, rollout: RolloutPlan): string {
  switch (rollout.kind) {
    case "everywhere":
      return rollout.overMs === 0 ? "everywhere at once" : `everywhere within ${durationText(rollout.overMs)}`;
    case "linear":
      return `linear: ${rollout.step} % of the instances every ${durationText(rollout.everyMs)}${rollout.upTo < 100 ? `, up to ${rollout.upTo} %` : ""}`;
    case "recreate":
      return "recreate: all old instances stop, then all new ones start";
    case "rollingUpdate":
      return `rolling update: ${amountWords(rollout.maxSurge)} more, ${amountWords(rollout.maxUnavailable)} fewer at a time${
        rollout.minReadyMs > 0 ? `, each ready for ${durationText(rollout.minReadyMs)}` : ""
      }`;
    case "canary":
      return `canary: ${[...rollout.steps.map((step) => stepWords(plan, step)), ...(isHeld(rollout.steps) ? [] : ["100 %"])].join(", ")}`;
    case "staged": {
      const gate = rollout.analysis === null ? "" : ` under ${plan.analyses[rollout.analysis]!.name}`;
      return `staged by zone: ${rollout.order.map((zone) => plan.zones[zone]).join(", ")}, baking ${durationText(rollout.bakeMs)} in each${gate}`;
    }
    default:
      return unreachable(rollout);
  }
}

function stepWords(plan: Plan, step: CanaryStep): string {
  switch (step.do) {
    case "weight":
      return `${step.weight} %`;
    case "pause":
      return `pause ${durationText(step.forMs)}`;
    case "pauseRequests":
      return `pause for ${step.minRequests} requests`;
    case "hold":
      return "and no further";
    case "analysis":
      return `gate ${plan.analyses[step.analysis]!.name}`;
    default:
      return unreachable(step);
  }
}

function isHeld(steps: readonly CanaryStep[]): boolean {
  return steps.some((step) => step.do === "hold");
}

function amountWords(amount: Amount): string {
  return "ratio" in amount ? percentText(amount.ratio) : String(amount.count);
}

function ruleWords(plan: Plan, { when, by, actions }: ResponsePlan): string {
  const team = by === null ? null : plan.teams.find(({ name }) => name === by);
  const people =
    by === null
      ? "automatically"
      : `by ${by}${team ? ` (acknowledges after ${durationText(team.acknowledgeMs)}, diagnoses for ${durationText(team.diagnoseMs)})` : ""}`;
  return `${whenWords(plan, when)}: ${actions.map((action) => (action === "rollback" ? "roll back" : action)).join(", ")} ${people}`;
}

function whenWords(plan: Plan, when: ResponsePlan["when"]): string {
  switch (when.type) {
    case "at":
      return `at ${clockText(when.atMs - plan.warmUpMs)}`;
    case "analysis":
      return "when a gate fails";
    case "alert": {
      const { name, condition } = plan.alerts[when.alert]!;
      return `when ${name} fires (${
        condition.type === "burnRate"
          ? `${plan.journeys[condition.journey]!.name} burns its budget ${condition.burnRate} times too fast over ${durationText(condition.longMs)} and ${durationText(condition.shortMs)}`
          : `${condition.metric} not ${limitWords(condition.limit)} over ${durationText(condition.overMs)}`
      })`;
    }
    default:
      return unreachable(when);
  }
}

export function limitWords({ atLeast, atMost, relativeToStable }: LimitPlan): string {
  const value = (limit: number): string => (relativeToStable ? `${percentText(limit)} of stable` : String(limit));
  return [
    ...(atLeast === null ? [] : [`at least ${value(atLeast)}`]),
    ...(atMost === null ? [] : [`at most ${value(atMost)}`]),
  ].join(" and ");
}

// A strategy in words, as `plan` prints it before anything runs.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { Amount, CanaryStep, ResponsePlan, RolloutPlan } from "../model/release-plan.ts";
import { momentText, spanText } from "./duration-text.ts";
import { metricLimitWords } from "./limit-words.ts";
import { shareText } from "./number-text.ts";

/** How the version reaches the fleet. */
export function rolloutWords(plan: Plan): string {
  const { rollout } = plan;
  return rollout === null ? "nothing is released" : wordsOf(plan, rollout);
}

/** Who does what when, one line a rule: those with a time first, in its order. */
export function responseWords(plan: Plan): string[] {
  const isRolledBack = plan.responses.some(({ actions }) => actions.includes("rollback"));
  const timeOf = ({ when }: ResponsePlan): number => (when.type === "at" ? when.atMs : Infinity);
  return [
    ...plan.responses
      .toSorted((a, b) => (timeOf(a) === timeOf(b) ? 0 : timeOf(a) - timeOf(b)))
      .map((response) => ruleWords(plan, response)),
    ...(plan.rollout === null || isRolledBack ? [] : ["never rolled back"]),
  ];
}

function wordsOf(plan: Plan, rollout: RolloutPlan): string {
  switch (rollout.kind) {
    case "everywhere":
      return rollout.overMs === 0 ? "everywhere at once" : `everywhere within ${spanText(rollout.overMs)}`;
    case "linear":
      return `linear: ${rollout.step} % of the instances every ${spanText(rollout.everyMs)}${rollout.upTo < 100 ? `, up to ${rollout.upTo} %` : ""}`;
    case "recreate":
      return "recreate: all old instances stop, then all new ones start";
    case "rollingUpdate":
      return `rolling update: ${amountWords(rollout.maxSurge)} more, ${amountWords(rollout.maxUnavailable)} fewer at a time${
        rollout.minReadyMs > 0 ? `, each ready for ${spanText(rollout.minReadyMs)}` : ""
      }`;
    case "canary":
      return `canary: ${[...rollout.steps.map((step) => stepWords(plan, step)), ...(isHeld(rollout.steps) ? [] : ["100 %"])].join(", ")}`;
    case "staged": {
      const gate = rollout.analysis === null ? "" : ` under ${plan.analyses[rollout.analysis]!.name}`;
      return `staged by zone: ${rollout.order.map((zone) => plan.zones[zone]).join(", ")}, baking ${spanText(rollout.bakeMs)} in each${gate}`;
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
      return `pause ${spanText(step.forMs)}`;
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

export function amountWords(amount: Amount): string {
  return "ratio" in amount ? shareText(amount.ratio) : String(amount.count);
}

function ruleWords(plan: Plan, response: ResponsePlan): string {
  return `${whenWords(plan, response.when)}: ${actionWords(plan, response)}`;
}

/** What is done, and by whom. */
export function actionWords(plan: Plan, { by, actions }: ResponsePlan): string {
  const team = by === null ? null : plan.teams.find(({ name }) => name === by);
  const people =
    by === null
      ? "automatically"
      : `by ${by}${team ? ` (acknowledges after ${spanText(team.acknowledgeMs)}, diagnoses for ${spanText(team.diagnoseMs)})` : ""}`;
  return `${actions.map((action) => (action === "rollback" ? "roll back" : action)).join(", ")} ${people}`;
}

function whenWords(plan: Plan, when: ResponsePlan["when"]): string {
  switch (when.type) {
    case "at":
      return `at ${momentText(when.atMs - plan.warmUpMs)}`;
    case "analysis":
      return "when a gate fails";
    case "alert": {
      const { name, condition } = plan.alerts[when.alert]!;
      return `when ${name} fires (${
        condition.type === "burnRate"
          ? `${plan.journeys[condition.journey]!.name} burns its budget ${condition.burnRate} times too fast over ${spanText(condition.longMs)} and ${spanText(condition.shortMs)}`
          : `${condition.metric} not ${metricLimitWords(plan, condition.metric, condition.limit)} over ${spanText(condition.overMs)}`
      })`;
    }
    default:
      return unreachable(when);
  }
}

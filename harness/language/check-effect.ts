// What a strategy says that could never come to pass. It is refused, because it would be ignored in silence.
import type { RolloutPlan } from "../model/release-plan.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import { shippedBy } from "./shipped.ts";

type WrittenStrategy = PacedScenario["strategies"][string];

/** `rollout` is null where nothing is released, or where it is broken itself; `place` stands on the strategy. */
export function checkEffect(
  strategy: WrittenStrategy,
  rollout: RolloutPlan | null,
  timeline: PacedScenario["timeline"],
  place: Cursor,
): void {
  if (!place.problems.isWhole) return;
  if (timeline.every((event) => shippedBy(event) === undefined)) refuseAllOfReleases(strategy, place);
  else if (rollout !== null && !hasGate(rollout)) refuseAnalysis(strategy, place);
}

function refuseAllOfReleases({ rollout, rollback, respond = [] }: WrittenStrategy, place: Cursor): void {
  const refuse = (cursor: Cursor, what: string): void =>
    cursor.errorAtKey(
      "no-effect",
      `${what}, but the timeline releases nothing`,
      "release a version in the timeline, such as `{ at: 1m, release: v2 }`, or take this out",
    );
  if (rollout !== undefined) refuse(place.at("rollout"), "the strategy says how a release reaches the fleet");
  if (rollback !== undefined) refuse(place.at("rollback"), "the strategy takes a release back");
  respond.forEach((rule, index) => {
    if ([rule.do].flat().includes("rollback")) refuse(place.at("respond", index, "do"), "this takes a release back");
  });
}

function refuseAnalysis({ rollback, respond = [] }: WrittenStrategy, place: Cursor): void {
  const rules = respond.map((rule, index) => ({ rule, cursor: place.at("respond", index) }));
  if (rollback !== undefined) rules.push({ rule: { ...rollback, do: "rollback" }, cursor: place.at("rollback") });
  for (const { rule, cursor } of rules) {
    if (rule.when !== "analysis") continue;
    cursor
      .at("when")
      .error(
        "no-effect",
        "the rollout has no gate that could fail",
        "give a canary an `{ analysis: … }` step, or a staged rollout an `analysis`",
      );
  }
}

function hasGate(rollout: RolloutPlan): boolean {
  switch (rollout.kind) {
    case "canary":
      return rollout.steps.some((step) => step.do === "analysis");
    case "staged":
      return rollout.analysis !== null;
    case "everywhere":
    case "linear":
    case "recreate":
    case "rollingUpdate":
      return false;
  }
}

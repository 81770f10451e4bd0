// Equal steps at equal distances: so many instances more every so often, whatever they do meanwhile.
// Source: AWS CodeDeploy `TimeBasedLinear` and Amazon ECS `linearConfiguration` (10 %, then a bake time of 6 minutes).
// Those shift traffic; here a step is a share of the instances, which is what an agent or a configuration is rolled
// out by.
import type { RolloutPlan } from "../model/release-plan.ts";
import { duration } from "../schema/duration.ts";
import { written } from "../schema/written.ts";
import type { InstanceView } from "./fleet-view.ts";
import { runningOf, sum } from "./fleet-view.ts";
import { moveEverywhere, predecessorsToStop } from "./everywhere.ts";
import { zonesOfNext } from "./placement.ts";
import type { Movement, Moves } from "./replacement.ts";
import { Replacement } from "./replacement.ts";
import type { Release } from "./rollout-machine.ts";
import { strategy } from "./strategy.ts";

const percent = () =>
  written({
    what: "a percentage above 0 and up to 100",
    code: "out-of-range",
    hint: "write percent as a bare number, such as `10`",
    read: (value) => (typeof value === "number" && value > 0 && value <= 100 ? value : null),
    json: { type: "number", exclusiveMinimum: 0, maximum: 100 },
  });

export const linear = strategy({
  kind: "linear",
  about: "Replaces an equal share of the instances every so often, up to all of them or to a share.",
  attributes: {
    step: percent()
      .prefault(10)
      .describe("Percent of the instances that each step brings, rounded up in all. ECS: 10."),
    every: duration("control").prefault("6m").describe("From one step to the next; the first comes at once. ECS: 6m."),
    upTo: percent().prefault(100).describe("Percent at which it stops for good."),
  },
  compile: ({ step, every, upTo }) => ({ kind: "linear", step, everyMs: every, upTo }),
  machine: (plan, release) =>
    new Replacement(
      release,
      "linear",
      (nowMs, movement, instances) => move(nowMs, movement, instances, plan, release),
      {
        rest: plan.upTo === 100 ? null : { share: plan.upTo / 100, detail: `stops at ${plan.upTo} %` },
      },
    ),
});

type LinearPlan = Extract<RolloutPlan, { kind: "linear" }>;

function move(
  nowMs: number,
  movement: Movement,
  instances: readonly InstanceView[],
  { step, everyMs, upTo }: LinearPlan,
  { base, replicasPerZone }: Release,
): Moves {
  // Nobody takes a bad version back in steps.
  if (movement.target === base) return moveEverywhere(nowMs, movement, instances, 0, replicasPerZone);
  // 1e-9 absorbs the round-off of divided times.
  const steps = everyMs === 0 ? Infinity : Math.floor((nowMs - movement.sinceMs) / everyMs + 1e-9) + 1;
  const percentNow = Math.min(upTo, step * steps);
  const wanted = Math.ceil((percentNow / 100) * sum(replicasPerZone) - 1e-9);
  const successors = runningOf(instances, movement.target);
  const zones = zonesOfNext(Math.max(0, wanted - successors.length), successors, replicasPerZone);
  return {
    actions: [
      ...zones.map((zone) => ({ do: "start", variant: movement.target, zone }) as const),
      ...predecessorsToStop(movement.target, instances, successors, replicasPerZone),
    ],
    wakeMs: percentNow >= upTo ? Infinity : movement.sinceMs + steps * everyMs,
  };
}

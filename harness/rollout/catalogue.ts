// All rollout strategies there are. A new one is one file beside this one and one row here.
import type { RolloutPlan } from "../model/release-plan.ts";
import { canary } from "./canary.ts";
import { everywhere } from "./everywhere.ts";
import { linear } from "./linear.ts";
import { recreate } from "./recreate.ts";
import { rollingUpdate } from "./rolling-update.ts";
import type { Release, RolloutMachine } from "./rollout-machine.ts";
import { staged } from "./staged.ts";
import type { Strategy } from "./strategy.ts";

export const rollouts = { everywhere, recreate, rollingUpdate, linear, canary, staged } satisfies Record<
  RolloutPlan["kind"],
  Strategy
>;

/** The machine that brings one release to the fleet. */
export function rolloutMachine(plan: RolloutPlan, release: Release): RolloutMachine {
  return rollouts[plan.kind].machine(plan, release);
}

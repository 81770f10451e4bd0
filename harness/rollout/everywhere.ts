// All instances at once, or spread over a time: what a configuration push or a fast deployer does.
import { duration } from "../schema/duration.ts";
import type { InstanceView } from "./fleet-view.ts";
import { runningBut, runningOf, sum } from "./fleet-view.ts";
import { zonesOfNext } from "./placement.ts";
import type { Movement, Moves } from "./replacement.ts";
import { Replacement } from "./replacement.ts";
import type { RolloutAction } from "./rollout-machine.ts";
import { strategy } from "./strategy.ts";

export const everywhere = strategy({
  kind: "everywhere",
  about: "Replaces every instance; each old one stops when its successor is ready.",
  attributes: { over: duration("control").prefault("0s").describe("The starts are spread evenly over this time.") },
  compile: ({ over }) => ({ kind: "everywhere", overMs: over }),
  machine: (plan, release) =>
    new Replacement(release, "everywhere", (nowMs, movement, instances) =>
      moveEverywhere(nowMs, movement, instances, plan.overMs, release.replicasPerZone),
    ),
});

/** Moves the fleet to the movement's target, the starts spread over a time. */
export function moveEverywhere(
  nowMs: number,
  movement: Movement,
  instances: readonly InstanceView[],
  overMs: number,
  replicasPerZone: readonly number[],
): Moves {
  const replicas = sum(replicasPerZone);
  const successors = runningOf(instances, movement.target);
  const missing = Math.max(0, replicas - movement.already);
  const spacingMs = missing === 0 ? 0 : overMs / missing;
  // The n-th start is due n spacings after the first, which is due at once; 1e-9 absorbs the round-off of the division.
  const due = spacingMs === 0 ? missing : Math.floor((nowMs - movement.sinceMs) / spacingMs + 1e-9) + 1;
  const wanted = movement.already + Math.min(missing, due);
  const actions: RolloutAction[] = zonesOfNext(
    Math.max(0, wanted - successors.length),
    successors,
    replicasPerZone,
  ).map((zone) => ({ do: "start", variant: movement.target, zone }));
  const isStarted = wanted >= movement.already + missing;
  return {
    actions: [...actions, ...predecessorsToStop(movement.target, instances, successors, replicasPerZone)],
    wakeMs: isStarted ? Infinity : movement.sinceMs + (wanted - movement.already) * spacingMs,
  };
}

/** In each zone as many old instances may stay as the zone lacks ready new ones. */
export function predecessorsToStop(
  target: number,
  instances: readonly InstanceView[],
  successors: readonly InstanceView[],
  replicasPerZone: readonly number[],
): RolloutAction[] {
  const old = runningBut(instances, target);
  return replicasPerZone.flatMap((replicas, zone) => {
    const ready = successors.filter((each) => each.zone === zone && each.life === "ready").length;
    const inZone = old.filter((each) => each.zone === zone);
    const stay = Math.max(0, replicas - ready);
    return inZone
      .slice(0, Math.max(0, inZone.length - stay))
      .map((each): RolloutAction => ({ do: "stop", instance: each.id }));
  });
}

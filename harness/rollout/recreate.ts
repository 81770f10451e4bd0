// Stop everything, wait until it is gone, start everything: an outage by design (Kubernetes' `Recreate`).
import type { InstanceView } from "./fleet-view.ts";
import { runningBut, runningOf, sum } from "./fleet-view.ts";
import { zonesOfNext } from "./placement.ts";
import type { Movement, Moves } from "./replacement.ts";
import { Replacement } from "./replacement.ts";
import { strategy } from "./strategy.ts";

export const recreate = strategy({
  kind: "recreate",
  about: "Stops every instance, waits until they are gone, then starts the new version.",
  attributes: {},
  compile: () => ({ kind: "recreate" }),
  machine: (_plan, release) =>
    new Replacement(release, "recreate", (_nowMs, movement, instances) =>
      moveByRecreating(movement, instances, release.replicasPerZone),
    ),
});

function moveByRecreating(
  { target }: Movement,
  instances: readonly InstanceView[],
  replicasPerZone: readonly number[],
): Moves {
  const isClear = instances.every((instance) => instance.variant === target);
  if (!isClear) {
    return {
      actions: runningBut(instances, target).map(({ id }) => ({ do: "stop", instance: id })),
      wakeMs: Infinity,
    };
  }
  const running = runningOf(instances, target);
  const zones = zonesOfNext(Math.max(0, sum(replicasPerZone) - running.length), running, replicasPerZone);
  return { actions: zones.map((zone) => ({ do: "start", variant: target, zone })), wakeMs: Infinity };
}

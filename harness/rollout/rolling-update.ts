// Kubernetes' rolling update: a few more, a few less, reconciled until only the new version is left.
// Source: pkg/controller/deployment/rolling.go (reconcileNewReplicaSet, reconcileOldReplicaSets).
import { duration } from "../schema/duration.ts";
import type { InstanceView } from "./fleet-view.ts";
import { runningBut, runningOf, sum } from "./fleet-view.ts";
import { firstToStop, zonesOfNext } from "./placement.ts";
import type { Moves } from "./replacement.ts";
import { Replacement } from "./replacement.ts";
import type { RollingLimits } from "./rolling-limits.ts";
import { resolveLimits, rollingAmounts } from "./rolling-limits.ts";
import { strategy } from "./strategy.ts";

export const rollingUpdate = strategy({
  kind: "rollingUpdate",
  about: "Replaces instances a few at a time, within a surge and an unavailability limit.",
  attributes: {
    ...rollingAmounts,
    minReady: duration("control").prefault("0s").describe("A ready instance counts as available after this long."),
  },
  compile: ({ maxSurge, maxUnavailable, minReady }) => ({
    kind: "rollingUpdate",
    maxSurge,
    maxUnavailable,
    minReadyMs: minReady,
  }),
  machine: (plan, release) => {
    const limits = resolveLimits(sum(release.replicasPerZone), plan, plan.minReadyMs);
    const how = `rolling update, at most ${limits.maxSurge} more and ${limits.maxUnavailable} unavailable`;
    return new Replacement(release, how, (nowMs, { target }, instances) =>
      moveByRolling(nowMs, target, instances, limits, release.replicasPerZone),
    );
  },
});

/**
 * One pass of the control loop: start new ones where the surge allows, else stop old ones where availability
 * allows, unhealthy ones first. A new version that never gets ready stops the loop by itself.
 */
export function moveByRolling(
  nowMs: number,
  target: number,
  instances: readonly InstanceView[],
  limits: RollingLimits,
  replicasPerZone: readonly number[],
): Moves {
  const replicas = sum(replicasPerZone);
  const next = runningOf(instances, target);
  const old = runningBut(instances, target);
  const running = [...next, ...old];
  const isAvailable = (instance: InstanceView) => nowMs >= instance.readySinceMs + limits.minReadyMs;
  const wakeMs = nextAvailableMs(nowMs, running, limits);

  const starts = Math.min(replicas + limits.maxSurge - running.length, replicas - next.length);
  if (starts > 0) {
    const zones = zonesOfNext(starts, next, replicasPerZone);
    return { actions: zones.map((zone) => ({ do: "start", variant: target, zone })), wakeMs };
  }

  const minAvailable = replicas - limits.maxUnavailable;
  const nextUnavailable = next.filter((instance) => !isAvailable(instance)).length;
  const maxStopped = running.length - minAvailable - nextUnavailable;
  if (maxStopped <= 0) return { actions: [], wakeMs };
  const unhealthy = firstToStop(
    maxStopped,
    old.filter((instance) => !isAvailable(instance)),
    running,
    replicasPerZone,
  );
  const remaining = running.filter((instance) => !unhealthy.includes(instance));
  const healthy = firstToStop(
    running.filter(isAvailable).length - minAvailable,
    old.filter(isAvailable),
    remaining,
    replicasPerZone,
  );
  return { actions: [...unhealthy, ...healthy].map(({ id }) => ({ do: "stop", instance: id })), wakeMs };
}

/** When the next ready instance will have been ready long enough. */
function nextAvailableMs(nowMs: number, running: readonly InstanceView[], limits: RollingLimits): number {
  let earliest = Infinity;
  for (const { readySinceMs } of running) {
    const availableMs = readySinceMs + limits.minReadyMs;
    if (availableMs > nowMs && availableMs < earliest) earliest = availableMs;
  }
  return earliest;
}

// Which zone an instance starts in, and which instance stops first: versions stay spread over the zones.
import type { InstanceView } from "./fleet-view.ts";

/**
 * The zones of the next `count` instances, given those of the same version that run. Each goes where it makes
 * the smallest share of the zone's replicas (highest averages), so any number is spread in proportion, and the
 * full number is exactly `replicasPerZone`. Ties go to the lower zone index.
 */
export function zonesOfNext(
  count: number,
  running: readonly InstanceView[],
  replicasPerZone: readonly number[],
): number[] {
  const counts = perZone(running, replicasPerZone.length);
  return Array.from({ length: count }, () => {
    const zone = zoneOfLeast(replicasPerZone, (index) => (counts[index]! + 1) / replicasPerZone[index]!);
    counts[zone]!++;
    return zone;
  });
}

/**
 * The first `count` of `candidates` to stop: always from the zone that has most of its replicas left among all
 * `running`; there the lowest id.
 */
export function firstToStop(
  count: number,
  candidates: readonly InstanceView[],
  running: readonly InstanceView[],
  replicasPerZone: readonly number[],
): InstanceView[] {
  const counts = perZone(running, replicasPerZone.length);
  const left = [...candidates];
  const chosen: InstanceView[] = [];
  while (chosen.length < count && left.length > 0) {
    let best = 0;
    for (let i = 1; i < left.length; i++) {
      if (fullness(left[i]!, counts, replicasPerZone) > fullness(left[best]!, counts, replicasPerZone)) best = i;
    }
    const [stopped] = left.splice(best, 1);
    counts[stopped!.zone]!--;
    chosen.push(stopped!);
  }
  return chosen;
}

function fullness(instance: InstanceView, counts: readonly number[], replicasPerZone: readonly number[]): number {
  return counts[instance.zone]! / Math.max(1, replicasPerZone[instance.zone]!);
}

function perZone(instances: readonly InstanceView[], zones: number): number[] {
  const counts = Array.from({ length: zones }, () => 0);
  for (const { zone } of instances) counts[zone]!++;
  return counts;
}

function zoneOfLeast(replicasPerZone: readonly number[], load: (zone: number) => number): number {
  let best = -1;
  for (let zone = 0; zone < replicasPerZone.length; zone++) {
    if (replicasPerZone[zone] === 0) continue;
    if (best < 0 || load(zone) < load(best)) best = zone;
  }
  return Math.max(0, best);
}

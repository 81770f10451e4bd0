// The zones of a service's first instances, in the order of their ids: they take turns, so the first few
// instances of a service are spread over its zones.

/** One entry per instance; zones with more replicas go on alone when the others have all of theirs. */
export function initialZones(replicasPerZone: readonly number[]): number[] {
  const zones: number[] = [];
  for (let round = 0; replicasPerZone.some((replicas) => replicas > round); round++) {
    replicasPerZone.forEach((replicas, zone) => {
      if (replicas > round) zones.push(zone);
    });
  }
  return zones;
}

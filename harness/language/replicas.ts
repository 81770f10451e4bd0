// How many instances of a service stand in each zone.
import type { Cursor } from "./cursor.ts";
import type { Names } from "./names.ts";

/** By zone index. A number is spread evenly, the first zones taking what is left over; a map is taken as it is. */
export function replicasPerZone(
  replicas: number | Readonly<Record<string, number>>,
  zones: Names,
  cursor: Cursor,
): number[] {
  if (typeof replicas === "number") return spread(replicas, zones.list.length);
  const perZone = zones.list.map(() => 0);
  for (const [zone, count] of Object.entries(replicas)) {
    const index = zones.find(zone, cursor.at(zone).key);
    if (index !== -1) perZone[index] = count;
  }
  if (sum(perZone) === 0) cursor.error("out-of-range", "the service needs at least one instance");
  return perZone;
}

/** The same distribution with another total: largest remainders, ties to the first zone. */
export function resized(perZone: readonly number[], total: number): number[] {
  const before = sum(perZone);
  const exact = perZone.map((count) => (count * total) / before);
  const counts = exact.map(Math.floor);
  const byRemainder = exact
    .map((share, zone) => ({ zone, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.zone - b.zone);
  for (const { zone } of byRemainder.slice(0, total - sum(counts))) counts[zone]!++;
  return counts;
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function spread(total: number, zones: number): number[] {
  return Array.from({ length: zones }, (_, zone) => Math.floor(total / zones) + (zone < total % zones ? 1 : 0));
}

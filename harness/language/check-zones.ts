// A release goes to every zone in the end: one that the stages leave out would keep the old version without a word.
import type { RolloutPlan } from "../model/release-plan.ts";
import type { Fleet } from "./compile-fleet.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import { shippedBy } from "./shipped.ts";

/** `place` stands on the rollout. Zones in which nothing that is released has instances may be left out. */
export function checkZones(
  rollout: RolloutPlan,
  timeline: PacedScenario["timeline"],
  { services, versions, zones }: Fleet,
  place: Cursor,
): void {
  if (rollout.kind !== "staged" || rollout.order.includes(-1) || !place.problems.isWhole) return;
  const released = versions
    .filter(({ name }) => timeline.some((event) => shippedBy(event) === name))
    .map(({ service }) => services[service]!);
  const missing = zones.list.filter(
    (_, zone) => !rollout.order.includes(zone) && released.some(({ replicasPerZone }) => replicasPerZone[zone]! > 0),
  );
  if (missing.length === 0) return;
  const names = missing.map((zone) => `\`${zone}\``).join(", ");
  place
    .at("order")
    .errorAtKey(
      "bad-value",
      `the release would never reach ${missing.length === 1 ? "the zone" : "the zones"} ${names}`,
      `add ${names}, or leave \`order\` out for all zones`,
    );
}

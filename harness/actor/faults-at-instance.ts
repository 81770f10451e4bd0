// Which of the disturbances in force concern the way into one instance, or the way out of it.
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { directionsOf, isOnTheWay } from "../faults/disturbance.ts";
import type { Disturbed } from "../faults/fault-in-path.ts";
import type { FaultDirection } from "../model/release-plan.ts";
import type { InstanceRef } from "../model/route.ts";

/** `ordinal`: see Entrance; `faultRow` is the layout's. What acts on connections acts at their callers' end: see faults-on-calls.ts. */
export function faultsAtInstance(
  active: readonly ActiveDisturbance[],
  way: FaultDirection,
  { id, service, variant, zone }: InstanceRef,
  ordinal: number,
  faultRow: readonly number[],
): Disturbed[] {
  return active.flatMap(({ timeline, disturbance, scope, sinceMs, rampMs, instances }): Disturbed[] => {
    const { on } = scope;
    if (disturbance.on !== "request" || !("service" in on) || on.service !== service) return [];
    if (scope.perConnection === true || isOnTheWay(disturbance)) return [];
    if (!directionsOf(disturbance, scope).includes(way)) return [];
    if (on.type === "instance" && on.ordinal !== ordinal) return [];
    if (scope.variant !== null && scope.variant !== variant) return [];
    if (scope.zone !== null && scope.zone !== zone) return [];
    if (instances !== undefined && !instances.includes(id)) return [];
    const operation = on.type === "service" && on.operation !== null ? on.operation : -1;
    const { share, requests, headers } = scope;
    const row = faultRow[timeline]!;
    return [
      { timeline, faultRow: row, disturbance, share, operation, variant: -1, sinceMs, rampMs, requests, headers },
    ];
  });
}

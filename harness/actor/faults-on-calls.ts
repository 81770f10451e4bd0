// Which of the disturbances in force concern the calls of one caller to one service, on the way there or back: those on
// the edge, and those on the callee that act on its connections.
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import { directionsOf, isOnTheWay } from "../faults/disturbance.ts";
import type { Disturbed } from "../faults/fault-in-path.ts";
import type { FaultDirection, FaultScope } from "../model/release-plan.ts";

/** The caller's end of its calls. */
export interface CallingEnd {
  /** The key (int32) of the caller. */
  readonly key: number;
  /** Zone index; −1 = outside. */
  readonly zone: number;
  /** Zone index of an instance that it calls. */
  readonly zoneOf: (target: number) => number;
}

export function faultsOnCalls(
  active: readonly ActiveDisturbance[],
  way: FaultDirection,
  { edge, callee }: { readonly edge: number; readonly callee: number },
  end: CallingEnd,
  faultRow: readonly number[],
): Disturbed[] {
  return active.flatMap(({ timeline, disturbance, scope, sinceMs, rampMs, instances }): Disturbed[] => {
    if (disturbance.on !== "request") return [];
    const operation = operationOf(scope, isOnTheWay(disturbance), edge, callee);
    if (operation === null || !directionsOf(disturbance, scope).includes(way)) return [];
    if (scope.on.type === "edge" && scope.zone !== null && scope.zone !== end.zone) return [];
    const covers = coversOf(scope, instances, end);
    const { share, requests, headers, variant } = scope;
    return [
      {
        timeline,
        faultRow: faultRow[timeline]!,
        disturbance,
        share,
        operation,
        variant: variant ?? -1,
        sinceMs,
        rampMs,
        requests,
        headers,
        covers,
        connection: scope.perConnection === true ? end.key : undefined,
      },
    ];
  });
}

/** The operation that a scope on this callee's calls names, −1 for all; null where they are not in it. */
function operationOf(
  { on, perConnection }: FaultScope,
  isOnTheWay: boolean,
  edge: number,
  callee: number,
): number | null {
  switch (on.type) {
    case "edge":
      return on.edge === edge ? (on.operation ?? -1) : null;
    case "service":
      return (perConnection === true || isOnTheWay) && on.service === callee ? (on.operation ?? -1) : null;
    case "instance":
    case "load":
      return null;
    case "zone":
      return -1;
  }
}

/** Which instances a scope is about; undefined where it leaves none out. Between zones, it is those on the other side. */
function coversOf(
  { on, zone }: FaultScope,
  instances: readonly number[] | undefined,
  end: CallingEnd,
): ((target: number) => boolean) | undefined {
  if (on.type === "zone")
    return (target) => end.zone >= 0 && (end.zone === on.zone) !== (end.zoneOf(target) === on.zone);
  const inZone = on.type === "edge" ? null : zone;
  if (inZone === null && instances === undefined) return undefined;
  return (target) =>
    (inZone === null || end.zoneOf(target) === inZone) && (instances === undefined || instances.includes(target));
}

// Whom a fault hits, and how long: matching of scopes, apart from what the fault does.
import { ceilShare } from "../core/share.ts";
import type { FaultScope } from "../model/release-plan.ts";

/** An instance as scopes see it: `ordinal` counts the instances of its service, from 0, in the order of their first start. */
export interface ScopedInstance {
  readonly service: number;
  readonly variant: number;
  readonly zone: number;
  readonly ordinal: number;
}

/** Whether an instance lies in a scope (its `instances:` limit apart). A scope on calls or on an operation has no instances. */
export function coversInstance(scope: FaultScope, instance: ScopedInstance): boolean {
  const { on } = scope;
  switch (on.type) {
    case "edge":
    case "load":
      return false;
    case "zone":
      return on.zone === instance.zone;
    case "service":
      if (on.service !== instance.service || on.operation !== null) return false;
      break;
    case "instance":
      if (on.service !== instance.service || on.ordinal !== instance.ordinal) return false;
      break;
  }
  if (scope.variant !== null && scope.variant !== instance.variant) return false;
  return scope.zone === null || scope.zone === instance.zone;
}

/** How many of `matching` instances the scope wants hit: ratios round up, so that a share of a small fleet hits someone. */
export function wantedInstances(scope: FaultScope, matching: number): number {
  const { instances } = scope;
  if (instances === null) return matching;
  if ("count" in instances) return Math.min(matching, instances.count);
  return Math.min(matching, ceilShare(instances.ratio, matching));
}

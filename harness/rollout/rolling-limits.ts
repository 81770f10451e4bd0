// How far a rolling update may go above and below the desired number of instances.
import { ceilShare, floorShare } from "../core/share.ts";
import type { Amount } from "../model/release-plan.ts";
import { amount } from "../schema/amount.ts";

export interface RollingLimits {
  /** Instances that may exist above the desired number. */
  readonly maxSurge: number;
  /** Instances that may be missing from the available ones. */
  readonly maxUnavailable: number;
  /** A ready instance counts as available after this long. */
  readonly minReadyMs: number;
}

/** The two amounts as users write them; the defaults are Kubernetes'. */
export const rollingAmounts = {
  maxSurge: amount().prefault("25%").describe("Instances above the desired number; a percentage rounds up."),
  maxUnavailable: amount().prefault("25%").describe("Instances that may be missing; a percentage rounds down."),
};

/**
 * Kubernetes' rounding: surge up, unavailable down; where both come out as 0, one may be unavailable.
 * Source: ResolveFenceposts in kubernetes pkg/controller/deployment/util/deployment_util.go.
 */
export function resolveLimits(
  replicas: number,
  amounts: { readonly maxSurge: Amount; readonly maxUnavailable: Amount },
  minReadyMs: number,
): RollingLimits {
  const surge = amounts.maxSurge;
  const unavailable = amounts.maxUnavailable;
  const maxSurge = "count" in surge ? surge.count : ceilShare(surge.ratio, replicas);
  const maxUnavailable = "count" in unavailable ? unavailable.count : floorShare(unavailable.ratio, replicas);
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable, minReadyMs };
}

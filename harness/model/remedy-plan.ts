// The compiled form of remedies: what a runbook does beside rolling back. All times are control time.
import type { Amount } from "./release-plan.ts";

export type RemedyPlan = { readonly name: string } & RemedyAction;

export type RemedyAction =
  /** Cuts every connection of users to a service, refuses them for a time, then lets them in again over another. */
  | {
      readonly do: "disconnect";
      readonly service: number;
      readonly forMs: number;
      readonly readmitOverMs: number;
    }
  /** Lets only this share of a load's people in. */
  | { readonly do: "admit"; readonly load: number; readonly share: number; readonly overMs: number }
  /** A load asks for nothing. null = to the end. */
  | { readonly do: "pauseLoad"; readonly load: number; readonly forMs: number | null }
  /** A release stays as it is. null = for good. */
  | { readonly do: "pauseRelease"; readonly version: number; readonly forMs: number | null }
  /** Stops and starts the instances of a service, so many at once. */
  | { readonly do: "restart"; readonly service: number; readonly atOnce: Amount }
  /** Empties the caches of a service's instances. */
  | { readonly do: "flush"; readonly service: number }
  | { readonly do: "change"; readonly changes: readonly ServiceChange[]; readonly overMs: number };

/** What a remedy makes of one service. */
export interface ServiceChange {
  readonly service: number;
  /** The variant that all instances are replaced by; null = they stay as they are. */
  readonly variant: number | null;
  /** How many instances there shall be, by zone index; null = as many as there are. */
  readonly replicasPerZone: readonly number[] | null;
}

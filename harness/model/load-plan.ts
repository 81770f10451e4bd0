// The compiled form of what users do: journeys, and the loads that set out on them.
import type { CallPlan } from "./call-plan.ts";

export interface JourneyPlan {
  readonly name: string;
  /** Service and operation index of its first call. */
  readonly service: number;
  readonly operation: number;
  readonly objective: ObjectivePlan;
}

export interface ObjectivePlan {
  /** The share of requests that shall be good (0..1), or null where nothing was promised. */
  readonly good: number | null;
  /** A success slower than this is bad (`slow`); null = any time is good. */
  readonly withinMs: number | null;
}

/** An open load: arrivals that do not wait for answers. */
export interface LoadPlan {
  readonly name: string;
  readonly arrivals: "poisson" | "constant";
  /** Piecewise linear arrival rate, per second, after scaling: (atMs, rate) corners in run time, first at 0, constant after the last. */
  readonly rate: readonly RateCorner[];
  /** Zone index of the users, or null: outside, no network delay to the first service. */
  readonly zone: number | null;
  /** Size of the population; null: each arrival is a user of its own. */
  readonly users: number | null;
  /** What an arrival does: journeys with their shares (summing to 1). */
  readonly mix: readonly { readonly journey: number; readonly share: number }[];
  /** How these clients defend themselves, one entry per first service (or first operation). */
  readonly calls: readonly CallPlan[];
  /** By journey index: index into `calls`, or -1 where the load never goes on that journey. */
  readonly callOfJourney: readonly number[];
  /** The kind of payload that live requests carry. */
  readonly payload: PayloadKind;
}

/** Two corners at the same instant make a step. */
export interface RateCorner {
  readonly atMs: number;
  readonly ratePerSecond: number;
}

export type PayloadKind = "none" | "user" | "track" | "cart";

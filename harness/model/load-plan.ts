// The compiled form of what users do: journeys, and the loads that set out on them.
import type { Distribution } from "../core/distribution.ts";
import type { BackoffPlan, CallPlan, RetryOn } from "./call-plan.ts";

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

/** Those who set out on journeys: an open load, whose arrivals do not wait for answers, or a closed population, who do. */
export interface LoadPlan {
  readonly name: string;
  readonly arrivals: "poisson" | "constant";
  /** Piecewise linear arrival rate, per second, after scaling: (atMs, rate) corners in run time, first at 0, constant after the last. */
  readonly rate: readonly RateCorner[];
  /** Zone index of the users, or null: outside, no network delay to the first service. */
  readonly zone: number | null;
  /** Absent for an open load. With clients `rate` is what they would ask for if answers took no time. */
  readonly population?: PopulationPlan;
  /** How long a person waits for an answer before giving up; absent: for ever. Request time. */
  readonly patience?: Distribution;
  /** Size of the population; null: each arrival is a user of its own. */
  readonly users: number | null;
  /** What an arrival does: journeys with their shares (summing to 1). */
  readonly mix: readonly { readonly journey: number; readonly share: number }[];
  /** How these clients defend themselves, one entry per first service (or first operation). */
  readonly calls: readonly CallPlan[];
  /** By journey index: index into `calls`, or -1 where the load never goes on that journey. */
  readonly callOfJourney: readonly number[];
  /** By journey index: how much its requests matter, an index of CRITICALITIES; absent: all are critical. */
  readonly criticalities?: readonly number[];
  /** What its requests carry: bits of `Plan.headers`; absent: nothing. */
  readonly headers?: number;
  /** The kind of payload that live requests carry. */
  readonly payload: PayloadKind;
}

/** A closed population: each client waits for its answer, thinks, and asks again. */
export interface PopulationPlan {
  /** After scaling, and divided by `compress`: think times are shorter by that factor, and rates shall stay. */
  readonly clients: number;
  /** From an answer to the next request. Control time. */
  readonly thinkTime: Distribution;
  /** null: clients are never disconnected. */
  readonly session: SessionPlan | null;
}

export interface SessionPlan {
  /** Journey index of what begins a session. */
  readonly journey: number;
  /** Between tries to begin one again, from the loss of the last on; never null there. Control time. */
  readonly reconnect: BackoffPlan;
  /** The failures of a request that end its client's session. */
  readonly endsOn: readonly RetryOn[];
}

/** Two corners at the same instant make a step. */
export interface RateCorner {
  readonly atMs: number;
  readonly ratePerSecond: number;
}

export type PayloadKind = "none" | "user" | "track" | "cart";

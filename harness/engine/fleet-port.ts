// What the conductor asks of an engine: the few things that can be done to a fleet.
import type { Disturbance } from "../faults/disturbance.ts";
import type { FaultScope } from "../model/release-plan.ts";
import type { RunEvent } from "../recording/event.ts";

/**
 * An instance is known for the whole run by one small integer, never reused for another instance. A crashed
 * instance that starts again keeps its id and raises its generation: what was sent to the old generation is lost.
 */
export interface InstanceRef {
  readonly id: number;
  readonly generation: number;
  readonly service: number;
  readonly variant: number;
  readonly zone: number;
}

/** Where callers send the calls of one service. */
export interface Route {
  readonly service: number;
  /** Ready endpoints, in a fixed order. */
  readonly endpoints: readonly InstanceRef[];
  /**
   * Weight (0..100) by variant index, or null where every endpoint counts alike. A user is assigned to the
   * new variant when its keyed draw for this service lies below the weight, so a 5 % canary's users are
   * among the 25 % canary's.
   */
  readonly weights: readonly number[] | null;
}

/** A request-path disturbance in force, with the timeline fault it came from. Draws for its `share` are keyed by `timeline`. */
export interface ActiveDisturbance {
  /** Index in Plan.timeline: names the fault row and salts its draws. */
  readonly timeline: number;
  readonly disturbance: Extract<Disturbance, { on: "request" }>;
  readonly scope: FaultScope;
}

/** Implemented by each engine; every method takes effect at the engine's current time. */
export interface FleetPort {
  /** Starts an instance; the engine calls `Conductor.up` when its process is there. `isInitial`: part of the fleet at time 0, ready at once. */
  start(instance: InstanceRef, isInitial: boolean): void;
  /** Its start-up is over (or it was there from the beginning): from now on it counts as ready. */
  ready(instance: InstanceRef): void;
  /** Graceful: finishes what it holds (up to its grace period), refuses what is new; then the engine calls `Conductor.gone`. */
  stop(instance: InstanceRef): void;
  /** Kills it: what it held is lost. The engine calls `Conductor.gone` (in live when the process is seen dead). */
  kill(instance: InstanceRef): void;
  pause(instance: InstanceRef): void;
  resume(instance: InstanceRef): void;
  /** Share of its CPU that is left, 1 = all. */
  capacity(instance: InstanceRef, ratio: number): void;
  /** Callers use this from now on (the discovery delay has already passed). */
  route(route: Route): void;
  /** The complete list of request-path disturbances in force from now on. */
  disturb(active: readonly ActiveDisturbance[]): void;
  /** Adds to a fault's hits (instances killed, paused, throttled). */
  countFault(timeline: number, hits: number): void;
  record(event: RunEvent): void;
}

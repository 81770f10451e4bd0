// What the conductor asks of an engine: the few things that can be done to a fleet.
import type { ActiveDisturbance } from "../faults/active-disturbance.ts";
import type { InstanceOrder } from "../faults/instance-order.ts";
import type { ClientOrder } from "../model/client-order.ts";
import type { InstanceRef, Route } from "../model/route.ts";
import type { RunEvent } from "../recording/event.ts";

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
  /** Whether anybody listens at its port; what it holds it keeps. An engine without it runs no plan with faults. */
  listen?(instance: InstanceRef, isOpen: boolean): void;
  /** Tells the instance's own machines something. An engine without it runs no plan with faults. */
  order?(instance: InstanceRef, order: InstanceOrder): void;
  /** Share of its CPU that is left, 1 = all. */
  capacity(instance: InstanceRef, ratio: number): void;
  /** Callers use this from now on (the discovery delay has already passed). */
  route(route: Route): void;
  /** The complete list of request-path disturbances in force from now on. */
  disturb(active: readonly ActiveDisturbance[]): void;
  /** What the people of loads are asked to do from now on. An engine without it runs no plan with remedies. */
  orderClients?(order: ClientOrder): void;
  /** Adds to a fault's hits (instances killed, paused, throttled). */
  countFault(timeline: number, hits: number): void;
  record(event: RunEvent): void;
}

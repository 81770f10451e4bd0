// What only plans with probes or start-up work ask of an engine, beside FleetPort.
import type { InstanceRef } from "../model/route.ts";

export interface CarePort {
  /** It runs on, and does not count as ready from now on. */
  unready(instance: InstanceRef): void;
  /** It is about to be stopped and started again because a probe failed; for the books. */
  unhealthy(instance: InstanceRef): void;
  /** Has the instance run an errand (service/errand.ts); the engine answers with `Conductor.errandDone`, unless it is lost. */
  errand(instance: InstanceRef, errand: number, serial: number): void;
}

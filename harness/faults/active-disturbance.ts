// A request-path disturbance in force: what is told to every process of the fleet whenever the list changes.
import type { FaultScope } from "../model/release-plan.ts";
import type { Disturbance } from "./disturbance.ts";

/** With the timeline fault it came from. Draws for its `share` are keyed by `timeline`. */
export interface ActiveDisturbance {
  /** Index in Plan.timeline: names the fault row and salts its draws. */
  readonly timeline: number;
  readonly disturbance: Extract<Disturbance, { on: "request" }>;
  readonly scope: FaultScope;
}

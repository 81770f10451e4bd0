// A disturbance of requests or of a load in force: what is told to every process of the fleet whenever the list changes.
import type { FaultScope } from "../model/release-plan.ts";
import type { LoadDisturbance, RequestDisturbance } from "./disturbance.ts";

/** With the timeline fault it came from. Draws for its `share` are keyed by `timeline`. */
export interface ActiveDisturbance {
  /** Index in Plan.timeline: names the fault row and salts its draws. */
  readonly timeline: number;
  readonly disturbance: RequestDisturbance | LoadDisturbance;
  readonly scope: FaultScope;
  /** Run time at which the fault began (anew); 0 where it makes no difference. */
  readonly sinceMs?: number;
  /** It grows to its full strength over this time. */
  readonly rampMs?: number;
  /** Ids of the instances it has hold of; all that the scope covers where absent. */
  readonly instances?: readonly number[];
}

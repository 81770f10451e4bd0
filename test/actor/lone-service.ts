// A service on its own, and the faults that it may meet.
import type { ActiveDisturbance } from "../../harness/faults/active-disturbance.ts";
import type { RequestDisturbance } from "../../harness/faults/disturbance.ts";
import type { FaultScope } from "../../harness/model/release-plan.ts";
import type { VariantPlan } from "../../harness/model/service-plan.ts";
import { variantPlan, work } from "../service/variant-plan.ts";
import { fleetPlan } from "./fleet-plan.ts";
import { SmallFleet } from "./small-fleet.ts";

const scope: FaultScope = {
  on: { type: "service", service: 0, operation: null },
  variant: null,
  zone: null,
  share: 1,
  instances: null,
};

/** A fault of the timeline that delays by so many milliseconds, or answers with such a status, on service 0 unless told. */
export function fault(
  timeline: number,
  what: "delay" | "answer",
  amount: number,
  changes: Partial<FaultScope> = {},
): ActiveDisturbance {
  const disturbance: ActiveDisturbance["disturbance"] =
    what === "delay"
      ? { on: "request", do: "delay", time: { kind: "constant", ms: amount } }
      : { on: "request", do: "answer", status: amount };
  return { timeline, disturbance, scope: { ...scope, ...changes } };
}

/** A word of a fault of the timeline, on service 0 unless told. */
export function word(
  timeline: number,
  disturbance: RequestDisturbance,
  changes: Partial<FaultScope> = {},
  more: Partial<ActiveDisturbance> = {},
): ActiveDisturbance {
  return { timeline, disturbance, scope: { ...scope, ...changes }, ...more };
}

/** One service that works for 10 ms, and two faults in the timeline. */
export function lone(changes: Partial<VariantPlan> = {}): SmallFleet {
  const event = {
    do: "fault",
    atMs: 0,
    forMs: null,
    background: false,
    fault: { kind: "latency", attributes: {}, scope },
  } as const;
  const zones = { zones: ["north"], networkMs: [[0]] };
  return new SmallFleet(fleetPlan([variantPlan([work(10)], changes)], { timeline: [event, event], ...zones }));
}

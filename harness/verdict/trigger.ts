// The trigger of a run: every timeline event that is not background. When it began, when it was gone, whom it
// was aimed at, and whether it hit anything at all.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { TimelineEventPlan } from "../model/release-plan.ts";
import { FAULT, FAULT_WIDTH, SERVICE, SERVICE_WIDTH } from "../signals/columns.ts";
import type { Observation } from "./observation.ts";
import { columnSum } from "./totals.ts";

export interface Trigger {
  /** Run time of its first start; null where it never started. */
  readonly beganMs: number | null;
  /** Run time from which it stayed gone; null where it was there to the end, or never began. */
  readonly goneMs: number | null;
  /** Indices of the services that it changes or hits. */
  readonly services: readonly number[];
  /** An instance of the version was started or served something; a fault hit a request or an instance. */
  readonly hitSomething: boolean;
  /** A gate did not let it pass; a rollout that its own steps hold was stopped by nobody. */
  readonly wasStoppedByGate: boolean;
}

export function hasTrigger(plan: Plan): boolean {
  return plan.timeline.some((event) => !event.background);
}

export function triggerOf(observation: Observation): Trigger {
  const { plan, events } = observation;
  const began = events.find((event) => event.kind === "trigger" && event.state === "began");
  const turns = events.filter((event) => event.kind === "trigger");
  const last = turns.at(-1);
  const foreground = plan.timeline.flatMap((event, index) => (event.background ? [] : [{ event, index }]));
  return {
    beganMs: began?.atMs ?? null,
    goneMs: last?.state === "gone" ? last.atMs : null,
    services: [...new Set(foreground.flatMap(({ event }) => targetsOf(event, plan)))].sort((a, b) => a - b),
    hitSomething: foreground.some(({ event, index }) => hasHit(event, index, observation)),
    wasStoppedByGate: events.some((event) => event.kind === "gate" && event.result !== "passed"),
  };
}

/** Of a fault on a call: both ends, where the caller is a service. */
function targetsOf(event: TimelineEventPlan, plan: Plan): number[] {
  if (event.do === "release") return [plan.versions[event.version]!.service];
  const { on } = event.fault.scope;
  switch (on.type) {
    case "service":
    case "instance":
      return [on.service];
    case "zone":
      return plan.services.flatMap(({ replicasPerZone }, service) => (replicasPerZone[on.zone]! > 0 ? [service] : []));
    case "load":
      return plan.loads[on.load]!.calls.map(({ callee }) => callee);
    case "edge": {
      const { caller, callee } = plan.edges[on.edge]!;
      return caller.type === "service" ? [caller.index, callee] : [callee];
    }
    default:
      return unreachable(on);
  }
}

function hasHit(event: TimelineEventPlan, index: number, { plan, layout, totals, events }: Observation): boolean {
  if (event.do === "fault") {
    return columnSum(totals.faults, FAULT_WIDTH, [layout.faultRow[index]!], FAULT.hits) > 0;
  }
  const { name, service, variant } = plan.versions[event.version]!;
  const rows = layout.serviceRow[service]![variant]!;
  const served = columnSum(totals.services, SERVICE_WIDTH, rows, SERVICE.arrived);
  const ready = columnSum(totals.services, SERVICE_WIDTH, rows, SERVICE.readyMs);
  const serviceName = plan.services[service]!.name;
  const wasStarted = events.some(
    (each) => each.kind === "instance" && each.service === serviceName && each.version === name,
  );
  return (variant > 0 && (served > 0 || ready > 0)) || wasStarted;
}

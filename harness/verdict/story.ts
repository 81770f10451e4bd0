// The run's story in order: what was done to the fleet, what it decided, who was told. Machine events become
// sentences here and nowhere else.
import { unreachable } from "../core/assert.ts";
import type { Plan } from "../model/plan.ts";
import type { FaultScope, TimelineEventPlan } from "../model/release-plan.ts";
import type { RunEvent } from "../recording/event.ts";
import { edgeName } from "../signals/address.ts";
import type { VariantResult } from "./result.ts";

export function storyOf(plan: Plan, events: readonly RunEvent[]): VariantResult["rollout"][number][] {
  return events.flatMap((event) => {
    const text = textOf(event, plan);
    return text === null ? [] : [{ atMs: event.atMs - plan.warmUpMs, event: text }];
  });
}

/** The timeline events that are not background, as the story tells them. */
export function triggerWords(plan: Plan): string[] {
  return plan.timeline.filter((event) => !event.background).map((event) => timelineText(event, "begin", plan));
}

/** One line, or null for what is not part of the story (every instance, every measurement). */
function textOf(event: RunEvent, plan: Plan): string | null {
  switch (event.kind) {
    case "timeline": {
      const planned = plan.timeline[event.timeline];
      return planned === undefined ? null : timelineText(planned, event.state, plan);
    }
    case "trigger":
      return event.state === "gone" ? "the trigger is gone" : event.state === "returned" ? "the trigger is back" : null;
    case "rollout":
      return `${event.version} ${PHASES[event.phase]}${event.detail === "" ? "" : `: ${event.detail}`}`;
    case "weight":
      return `${Number(event.weight.toPrecision(3))} % of ${event.service} to ${event.version}`;
    case "gate":
      return `gate ${event.analysis} ${event.result}`;
    case "alert":
      return `alert ${event.alert} ${event.state}${event.value === null ? "" : ` at ${Number(event.value.toPrecision(3))}`}`;
    case "page":
      return {
        waiting: `${event.team} is paged (${event.cause})`,
        acknowledged: `${event.team} acknowledges`,
        diagnosed: `${event.team} has diagnosed ${event.cause}`,
      }[event.state];
    case "action":
      return `${event.action} ${event.by === null ? "by itself" : `by ${event.by}`} (${event.cause})`;
    case "instance":
      if (event.state === "unhealthy") return `${event.instance} fails its probes and is started again`;
      return event.state === "crashed" ? `${event.instance} crashes` : null;
    case "scaling": {
      const seen = event.value === null ? "" : ` (${shortMetric(event.metric)} ${percentOf(event.value)})`;
      return `the autoscaler wants ${event.to} of ${event.service} instead of ${event.from}${seen}`;
    }
    case "ejection":
      return event.state === "begun"
        ? `${event.calls}: endpoints are ejected (${percentOf(event.share)})`
        : `${event.calls}: no endpoint is ejected any more`;
    case "warning":
      return `warning: ${event.message}`;
    case "measurement":
      return event.result === "failed"
        ? `${event.metric} is ${event.value === null ? "unknown" : Number(event.value.toPrecision(3))}, wanted ${event.limit}`
        : null;
    default:
      return unreachable(event);
  }
}

/** `services.web.utilization.cpu` is told as `utilization.cpu`: whose it is stands beside it. */
function shortMetric(metric: string): string {
  return metric.split(".").slice(2).join(".");
}

function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

const PHASES: Readonly<Record<Extract<RunEvent, { kind: "rollout" }>["phase"], string>> = {
  progressing: "rolls out",
  baking: "bakes",
  paused: "pauses",
  held: "is held",
  promoting: "is promoted",
  succeeded: "is everywhere",
  rollingBack: "is being rolled back",
  rolledBack: "is rolled back",
  stopped: "stops",
};

function timelineText(planned: TimelineEventPlan, state: "begin" | "end", plan: Plan): string {
  const background = planned.background ? " (background)" : "";
  if (planned.do === "release") {
    const { name, service, isHarmless, isPush } = plan.versions[planned.version]!;
    const what = isPush === true ? "push" : "release";
    return `${state === "begin" ? `${what} of` : `end of the ${what} of`} ${name}${isHarmless ? ", which changes nothing," : ""} to ${plan.services[service]!.name}${background}`;
  }
  return `fault ${planned.fault.kind} on ${scopeText(planned.fault.scope, plan)} ${state === "begin" ? "begins" : "ends"}${background}`;
}

/** Whom a fault is on, as the language spells it. */
function scopeText({ on, zone }: FaultScope, plan: Plan): string {
  const where = zone === null ? "" : ` in ${plan.zones[zone]!}`;
  switch (on.type) {
    case "service": {
      const { name, operations } = plan.services[on.service]!;
      return `${name}${on.operation === null ? "" : `.${operations[on.operation]!}`}${where}`;
    }
    case "instance":
      return `${plan.services[on.service]!.name}#${on.ordinal}${where}`;
    case "zone":
      return `zone ${plan.zones[on.zone]!}`;
    case "load":
      return `the load ${plan.loads[on.load]!.name}`;
    case "edge":
      return `${edgeName(plan.edges[on.edge]!, plan)}${where}`;
    default:
      return unreachable(on);
  }
}

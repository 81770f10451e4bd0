// A fault of the timeline in words, as `plan` prints it: what it does, to whom, to how many, and when.
import { unreachable } from "../core/assert.ts";
import { faults, isFaultKind } from "../faults/catalogue.ts";
import type { Disturbance } from "../faults/disturbance.ts";
import { isInstant } from "../faults/schedule.ts";
import type { Plan } from "../model/plan.ts";
import type { FaultConditionPlan, FaultPlan, FaultScope, TimelineEventPlan } from "../model/release-plan.ts";
import { edgeName } from "../signals/address.ts";
import { disturbanceWords } from "./disturbance-words.ts";
import { momentText, spanText } from "./duration-text.ts";
import { metricLimitWords } from "./limit-words.ts";
import { shareText } from "./number-text.ts";

type FaultEvent = Extract<TimelineEventPlan, { do: "fault" }>;

/** `fault latency 300 ms on web -> db, 20 % of requests, for 1 min`; what waits for a condition begins with that. */
export function faultWords(plan: Plan, event: FaultEvent): string {
  const { fault, when, background } = event;
  const disturbances = disturbancesOf(fault);
  const what = ["fault", fault.kind, disturbanceWords(disturbances)].filter((word) => word !== "").join(" ");
  const words = [
    `${what} on ${placeWords(plan, fault.scope.on)}`,
    ...scopeWords(plan, fault.scope),
    ...scheduleWords(event, disturbances.every(isInstant)),
  ].join(", ");
  const condition = when === undefined ? "" : `when ${conditionWords(plan, when)}, from ${clock(plan, event)} on: `;
  return `${condition}${words}${background ? " (background)" : ""}`;
}

function clock({ warmUpMs }: Plan, { atMs }: FaultEvent): string {
  return momentText(atMs - warmUpMs);
}

function disturbancesOf({ kind, attributes }: FaultPlan): readonly Disturbance[] {
  return isFaultKind(kind) ? faults[kind].disturb(attributes) : [];
}

function placeWords(plan: Plan, on: FaultScope["on"]): string {
  const operationOf = (service: number, operation: number | null): string =>
    operation === null ? "" : `.${plan.services[service]!.operations[operation]}`;
  switch (on.type) {
    case "service":
      return `${plan.services[on.service]!.name}${operationOf(on.service, on.operation)}`;
    case "instance":
      return `${plan.services[on.service]!.name}#${on.ordinal}`;
    case "zone":
      return `zone ${plan.zones[on.zone]!}`;
    case "load":
      return `load ${plan.loads[on.load]!.name}`;
    case "edge": {
      const edge = plan.edges[on.edge]!;
      return `${edgeName(edge, plan)}${operationOf(edge.callee, on.operation)}`;
    }
    default:
      return unreachable(on);
  }
}

/** Whom of that place it hits, a clause for each thing that narrows it. */
function scopeWords(plan: Plan, scope: FaultScope): string[] {
  const { on, variant, zone, instances, headers, requests, share, perConnection, direction } = scope;
  const isCall = on.type === "edge";
  const words: string[] = [];
  if (variant !== null) words.push(`only version ${versionOf(plan, on, variant)}`);
  if (zone !== null) words.push(`only ${isCall ? "calls from" : "in"} zone ${plan.zones[zone]!}`);
  if (instances !== null)
    words.push("count" in instances ? countOf(instances.count) : `${shareText(instances.ratio)} of the instances`);
  if (headers !== undefined) words.push(`only requests with ${headersOf(plan, headers)}`);
  if (requests !== undefined) {
    const each = `of each ${isCall ? "calling instance" : "instance"}`;
    words.push(
      "first" in requests
        ? `the first ${requests.first} requests ${each}`
        : `every ${ordinal(requests.every)} request ${each}`,
    );
  }
  if (share < 1 || perConnection === true)
    words.push(`${shareText(share)} of ${perConnection === true ? "connections" : "requests"}`);
  if (direction !== undefined) words.push(direction === "request" ? "on the way there" : "on the way back");
  return words;
}

function versionOf({ services, edges }: Plan, on: FaultScope["on"], variant: number): string {
  const service = on.type === "edge" ? edges[on.edge]!.callee : "service" in on ? on.service : -1;
  return services[service]?.variants[variant]?.version ?? String(variant);
}

export function headersOf({ headers = [] }: Plan, bits: number): string {
  return headers
    .filter((_, bit) => (bits & (1 << bit)) !== 0)
    .map(({ name, value }) => `${name}: ${value}`)
    .join(" and ");
}

function countOf(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

function ordinal(number: number): string {
  const isTeen = Math.floor((number % 100) / 10) === 1;
  const ending = isTeen ? undefined : { 1: "st", 2: "nd", 3: "rd" }[number % 10];
  return `${number}${ending ?? "th"}`;
}

function scheduleWords({ forMs, rampMs, repeatMs, when }: FaultEvent, isOverAtOnce: boolean): string[] {
  const words: string[] = [];
  if (rampMs !== undefined) words.push(`growing to its full strength over ${spanText(rampMs)}`);
  if (!isOverAtOnce)
    words.push(
      forMs !== null ? `for ${spanText(forMs)}` : when === undefined ? "to the end" : "for as long as that holds",
    );
  if (repeatMs !== undefined)
    words.push(when === undefined ? `again every ${spanText(repeatMs)}` : `again after ${spanText(repeatMs)}`);
  else if (when !== undefined && (isOverAtOnce || forMs !== null)) words.push("once");
  return words;
}

function conditionWords(plan: Plan, { metric, overMs, limit }: FaultConditionPlan): string {
  return `${metric} is ${metricLimitWords(plan, metric, limit)} over ${spanText(overMs)}`;
}

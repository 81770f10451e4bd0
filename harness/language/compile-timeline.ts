// What happens, and to whom: releases and faults.
import { faults } from "../faults/catalogue.ts";
import type { Fault, FaultTarget } from "../faults/fault.ts";
import type { FaultPlan, FaultScope, TimelineEventPlan } from "../model/release-plan.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import type { PacedScenario } from "./compile-load.ts";
import type { Cursor } from "./cursor.ts";
import type { Edges } from "./edges.ts";
import { SCOPE_KEYS, type WrittenFault, type WrittenTarget } from "./fault-schema.ts";
import type { FleetNames } from "./fleet-names.ts";
import { Names } from "./names.ts";
import { sum } from "./replicas.ts";

export interface TimelineContext {
  readonly names: FleetNames;
  readonly edges: Edges;
  readonly zones: Names;
  readonly loads: Names;
  readonly versions: Names;
  /** Before scaling: an instance is named by its place in the real fleet. */
  readonly services: readonly ServicePlan[];
  readonly scaled: readonly ServicePlan[];
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/**
 * Background events first, each part in order of time: so the timeline of the control run is the first part of
 * the variant's, and a fault has the same number, thus the same draws, in both.
 */
export function compileTimeline(
  scenario: PacedScenario,
  context: TimelineContext,
  cursor: Cursor,
): TimelineEventPlan[] {
  const events = scenario.timeline.map((event, index): TimelineEventPlan => {
    const place = cursor.at(index);
    const atMs = context.warmUpMs + event.at;
    if (event.at > context.durationMs)
      place
        .at("at")
        .error("out-of-range", "this is after the end of the run", "raise `duration`, or bring the event forward");
    if (event.release !== undefined) {
      return {
        do: "release",
        atMs,
        version: context.versions.find(event.release, place.at("release")),
        background: event.background,
      };
    }
    checkFor(event, place);
    return {
      do: "fault",
      atMs,
      forMs: event.for ?? null,
      background: event.background,
      fault: compileFault(event.fault as WrittenFault, context, place.at("fault")),
    };
  });
  const rank = (event: TimelineEventPlan): number => (event.background ? 0 : 1);
  return events.sort((a, b) => rank(a) - rank(b) || a.atMs - b.atMs);
}

/** A fault lasts for a time, or acts at once and is over. */
function checkFor({ for: forMs, fault }: PacedScenario["timeline"][number], cursor: Cursor): void {
  if (forMs === undefined) return;
  if (!(forMs > 0)) cursor.at("for").error("out-of-range", "this must be longer than nothing");
  const { kind, ...attributes } = fault as WrittenFault;
  const disturbances = faults[kind as keyof typeof faults].disturb(attributes);
  if (disturbances.every(({ do: does }) => does === "kill"))
    cursor
      .at("for")
      .errorAtKey("bad-value", `a fault of kind \`${kind}\` is over at once: it has no \`for\``, "take it out");
}

function compileFault(written: WrittenFault, context: TimelineContext, cursor: Cursor): FaultPlan {
  const fault: Fault = faults[written.kind as keyof typeof faults];
  const attributes = Object.entries(written).filter(([key]) => !(SCOPE_KEYS as readonly string[]).includes(key));
  const target = targetOf(written.on);
  if (!fault.targets.includes(target)) {
    cursor
      .at("on")
      .error(
        "bad-value",
        `a fault of kind \`${written.kind}\` cannot be on ${TARGET_WORDS[target]}`,
        `it can be on ${fault.targets.map((each) => TARGET_WORDS[each]).join(", ")}`,
      );
  }
  return {
    kind: written.kind,
    attributes: Object.fromEntries(attributes),
    scope: compileScope(written, context, cursor),
  };
}

function compileScope(written: WrittenFault, context: TimelineContext, cursor: Cursor): FaultScope {
  const { zone, version, share = 1, instances = null } = written;
  const { on, service } = compileTarget(written.on, context, cursor.at("on"));
  return {
    on,
    variant:
      version === undefined || service === -1
        ? null
        : variantOf(version, context.services[service]!, cursor.at("version")),
    zone: zone === undefined ? null : context.zones.find(zone, cursor.at("zone")),
    share,
    instances,
  };
}

/** The scope's `on`, and the service whose versions it can name; -1 where it is unknown (and reported). */
function compileTarget(
  target: WrittenTarget,
  context: TimelineContext,
  cursor: Cursor,
): { on: FaultScope["on"]; service: number } {
  const service = context.names.services.find(target.type === "instance" ? target.service : target.to.service, cursor);
  const nowhere = { on: { type: "service" as const, service, operation: null }, service };
  if (service === -1) return nowhere;
  if (target.type === "instance")
    return { on: { type: "instance", service, ordinal: ordinalOf(target.ordinal, service, context, cursor) }, service };
  const operation =
    target.to.operation === null ? null : context.names.operationsOf(service).find(target.to.operation, cursor);
  if (target.type === "service") return { on: { type: "service", service, operation }, service };
  const edge = edgeOf(target.caller, service, context, cursor);
  return edge === -1 ? nowhere : { on: { type: "edge", edge, operation }, service };
}

function edgeOf(caller: string, callee: number, { names, loads, edges }: TimelineContext, cursor: Cursor): number {
  const type = loads.has(caller) && !names.services.has(caller) ? "load" : "service";
  const index =
    type === "load"
      ? loads.indexOf(caller)
      : Names.listed("service or load", [...names.services.list, ...loads.list]).find(caller, cursor);
  if (index === -1) return -1;
  const edge = edges.find(type, index, callee);
  if (edge === -1) cursor.error("unknown-name", `\`${caller}\` never calls \`${names.services.list[callee]}\``);
  return edge;
}

/** In a scaled fleet the n-th of many stands for the one at its place, counted around. */
function ordinalOf(ordinal: number, service: number, { services, scaled }: TimelineContext, cursor: Cursor): number {
  const replicas = sum(services[service]!.replicasPerZone);
  if (ordinal >= replicas)
    cursor.error(
      "out-of-range",
      `\`${services[service]!.name}\` has ${replicas} instances`,
      `they are counted from 0 to ${replicas - 1}`,
    );
  return ordinal % sum(scaled[service]!.replicasPerZone);
}

function variantOf(version: string, service: ServicePlan, cursor: Cursor): number | null {
  const versions = Names.listed(
    `version of ${service.name}`,
    service.variants.map((variant) => variant.version),
  );
  return versions.find(version, cursor);
}

function targetOf(target: WrittenTarget): FaultTarget {
  return target.type === "service" && target.to.operation !== null ? "operation" : target.type;
}

const TARGET_WORDS = {
  service: "a service",
  operation: "an operation",
  instance: "an instance",
  edge: "a call",
} as const;

// A fault of the timeline: its attributes, whom it hits, and which of their requests.
import { faults } from "../faults/catalogue.ts";
import type { Fault, FaultTarget } from "../faults/fault.ts";
import { isInstant } from "../faults/schedule.ts";
import type { FaultPlan, FaultScope } from "../model/release-plan.ts";
import type { LoadPlan } from "../model/load-plan.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import type { CarriedHeaders } from "./carried-headers.ts";
import type { Cursor } from "./cursor.ts";
import type { Edges } from "./edges.ts";
import { SCOPE_KEYS, type WrittenFault, type WrittenRequests, type WrittenTarget } from "./fault-schema.ts";
import type { FleetNames } from "./fleet-names.ts";
import { Names } from "./names.ts";
import { sum } from "./replicas.ts";

export interface FaultContext {
  readonly names: FleetNames;
  readonly edges: Edges;
  readonly zones: Names;
  readonly loads: Names;
  readonly headers: CarriedHeaders;
  readonly loadPlans: readonly LoadPlan[];
  /** Before scaling: an instance is named by its place in the real fleet. */
  readonly services: readonly ServicePlan[];
  readonly scaled: readonly ServicePlan[];
}

export function compileFault(written: WrittenFault, context: FaultContext, cursor: Cursor): FaultPlan {
  const fault: Fault = faults[written.kind as keyof typeof faults];
  const attributes = Object.entries(written).filter(([key]) => !(SCOPE_KEYS as readonly string[]).includes(key));
  if (fault.level === "load")
    return {
      kind: written.kind,
      attributes: Object.fromEntries(attributes),
      scope: { on: compileLoadTarget(written.on, context, cursor.at("on")), ...EVERYBODY },
    };
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
  const scope = compileScope(written, context, cursor);
  if (fault.needs !== undefined) checkNeed(fault.needs, scope, context, cursor.at("on"));
  return { kind: written.kind, attributes: Object.fromEntries(attributes), scope };
}

/** Whether any version of the service has what the fault acts on. */
function checkNeed(need: "memory" | "cache", { on }: FaultScope, { services }: FaultContext, cursor: Cursor): void {
  if (!("service" in on) || on.service < 0 || !cursor.problems.isWhole) return;
  const { name, variants } = services[on.service]!;
  const has = variants.some(({ life, cache }) =>
    need === "cache" ? cache !== undefined : (life?.memory ?? null) !== null,
  );
  if (has) return;
  const hint = need === "cache" ? "give the service a `cache`" : "give the service a `memory` with a `limit`";
  cursor.error("no-effect", `\`${name}\` has no ${need === "cache" ? "cache" : "memory limit"}`, hint);
}

const EVERYBODY = { variant: null, zone: null, share: 1, instances: null };

/** A load that sets out at a rate: clients of a closed population come when they have thought, whoever wants more. */
function compileLoadTarget(target: WrittenTarget | undefined, { loads, loadPlans }: FaultContext, cursor: Cursor) {
  const name = target?.type === "service" && target.to.operation === null ? target.to.service : "";
  const load = loads.find(name, cursor);
  if (load >= 0 && loadPlans[load]!.population !== undefined)
    cursor.error(
      "bad-value",
      `\`${name}\` is a closed population, which has no rate`,
      "put it on a load with a `rate`",
    );
  return { type: "load", load } as const;
}

/** Whether a fault acts at one moment, and so cannot last, grow, or be told when to end. */
export function isOverAtOnce({ kind, ...attributes }: WrittenFault): boolean {
  return faults[kind as keyof typeof faults].disturb(attributes).every(isInstant);
}

function compileScope(written: WrittenFault, context: FaultContext, cursor: Cursor): FaultScope {
  const { zone, version, share = 1, instances = null, requests, perConnection = false, direction } = written;
  const { on, service } = compileTarget(written.on, zone, context, cursor);
  checkNarrowing(written, on, cursor);
  return {
    on,
    variant:
      version === undefined || service === -1
        ? null
        : variantOf(version, context.services[service]!, cursor.at("version")),
    zone: zone === undefined || on.type === "zone" ? null : context.zones.find(zone, cursor.at("zone")),
    share,
    instances,
    ...(requests === undefined ? {} : compileRequests(requests, context, cursor.at("requests"))),
    ...(perConnection ? { perConnection: true } : {}),
    ...(direction === undefined ? {} : { direction }),
  };
}

function compileRequests(
  { counted, header }: WrittenRequests,
  { headers }: FaultContext,
  cursor: Cursor,
): Pick<FaultScope, "requests" | "headers"> {
  return {
    ...(counted === null ? {} : { requests: counted }),
    ...(header === undefined ? {} : { headers: headers.find(header, cursor.at("header")) }),
  };
}

/** What narrows a fault on requests, but cannot do so here. */
function checkNarrowing(written: WrittenFault, on: FaultScope["on"], cursor: Cursor): void {
  if (on.type === "edge" && written.instances !== undefined)
    cursor
      .at("instances")
      .errorAtKey("bad-value", "a fault on a call is not one of instances", "put it on the called service");
  if (written.perConnection !== true) return;
  const place = cursor.at("perConnection");
  if (on.type === "instance")
    place.errorAtKey("bad-value", "a fault of connections cannot be on one instance", "put it on its service");
  if (written.share === undefined)
    place.errorAtKey("no-effect", "the share of connections that it hits is missing", "write `share: 20%` beside it");
}

/** The scope's `on`, and the service whose versions it can name; -1 where it is unknown (and reported). */
function compileTarget(
  target: WrittenTarget | undefined,
  zone: string | undefined,
  context: FaultContext,
  place: Cursor,
): { on: FaultScope["on"]; service: number } {
  if (target === undefined) return { on: compileZone(zone, context, place), service: -1 };
  const cursor = place.at("on");
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

function compileZone(zone: string | undefined, { zones }: FaultContext, place: Cursor): FaultScope["on"] {
  if (zone === undefined)
    place.errorAtKey("missing-key", "nothing says whom it hits: neither `on` nor `zone`", "name a zone");
  return { type: "zone", zone: zone === undefined ? -1 : zones.find(zone, place.at("zone")) };
}

function edgeOf(caller: string, callee: number, { names, loads, edges }: FaultContext, cursor: Cursor): number {
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
function ordinalOf(ordinal: number, service: number, { services, scaled }: FaultContext, cursor: Cursor): number {
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

function targetOf(target: WrittenTarget | undefined): FaultTarget {
  if (target === undefined) return "zone";
  return target.type === "service" && target.to.operation !== null ? "operation" : target.type;
}

const TARGET_WORDS = {
  service: "a service",
  operation: "an operation",
  instance: "an instance",
  edge: "a call",
  zone: "a zone",
  load: "a load",
} as const;

// Metric addresses: one grammar for gates, alerts, checks and the tables of the result.
//
//   journeys.<journey>.<measure>            services.<service>[@<version>].<measure>
//   zones.<zone>.<measure>                  services.<service>.versions.<version>
//   calls.<caller -> callee>.<measure>      load.<load>.<measure>
//
// `@stable` is the version that ran at the start, `@new` everything else, `@<version>` that version alone.
// The measures are a closed list: see measures.ts.
import type { EdgePlan } from "../model/plan.ts";
import type { Measure } from "./measure.ts";
import type { Family } from "./measures.ts";
import { MEASURES, VERSION_SHARE } from "./measures.ts";
import { suggest } from "../core/suggest.ts";

/** What an address speaks about, by index. */
export type Scope =
  | { readonly type: "journey"; readonly journey: number }
  | { readonly type: "service"; readonly service: number; readonly version: VersionScope }
  | { readonly type: "zone"; readonly zone: number }
  | { readonly type: "edge"; readonly edge: number }
  | { readonly type: "load"; readonly load: number };

export type VersionScope = "all" | "new" | { readonly variant: number };

export interface Address {
  /** As the result and every message spell it. Equal texts mean equal addresses of one plan. */
  readonly text: string;
  readonly scope: Scope;
  readonly measure: Measure;
}

/** The names an address may use: a Plan has them all. */
export interface AddressNames {
  readonly journeys: readonly { readonly name: string }[];
  readonly services: readonly {
    readonly name: string;
    readonly variants: readonly { readonly version: string }[];
  }[];
  readonly zones: readonly string[];
  readonly loads: readonly { readonly name: string }[];
  readonly edges: readonly EdgePlan[];
}

export type ParsedAddress =
  | { readonly address: Address }
  /** What is wrong, and what to write instead where something close exists. */
  | { readonly problem: string; readonly suggestion: string | null };

export function parseAddress(text: string, names: AddressNames): ParsedAddress {
  const spelt = text.trim().replace(/\s*->\s*/g, " -> ");
  const dot = spelt.indexOf(".");
  const family = dot < 0 ? spelt : spelt.slice(0, dot);
  if (!isFamily(family)) return unknown(`the metric family "${family}"`, family, Object.keys(MEASURES), spelt);
  const known = entitiesOf(family, names);
  const rest = dot < 0 ? "" : spelt.slice(dot + 1);
  const entity = longestPrefix(rest, known);
  if (entity === null) return unknown(`"${upTo(rest, family)}" in ${family}`, upTo(rest, family), known, spelt);
  const index = known.indexOf(entity);
  const tail = rest.slice(entity.length);
  if (family !== "services") return measured(family, scopeOf(family, index), tail, spelt);
  return parseService(index, tail, spelt, names);
}

/** The address of the stable version of the same service, for limits relative to it; null where it is no service's. */
export function stableOf(address: Address, names: AddressNames): Address | null {
  if (address.scope.type !== "service") return null;
  const { name } = names.services[address.scope.service]!;
  const measure = address.text.slice(address.text.indexOf(".", `services.${name}`.length));
  return {
    text: `services.${name}@stable${measure}`,
    scope: { ...address.scope, version: { variant: 0 } },
    measure: address.measure,
  };
}

/** `caller -> callee`, as tables and addresses name an edge. */
export function edgeName(edge: EdgePlan, names: Pick<AddressNames, "services" | "loads">): string {
  const caller = edge.caller.type === "service" ? names.services[edge.caller.index] : names.loads[edge.caller.index];
  return `${caller!.name} -> ${names.services[edge.callee]!.name}`;
}

function isFamily(text: string): text is Family {
  return Object.hasOwn(MEASURES, text);
}

function parseService(service: number, tail: string, spelt: string, names: AddressNames): ParsedAddress {
  const { variants } = names.services[service]!;
  const versions = variants.map((variant) => variant.version);
  if (tail.startsWith(".versions.")) {
    const version = tail.slice(".versions.".length);
    const variant = versions.indexOf(version);
    if (variant < 0) return unknown(`the version "${version}"`, version, versions, spelt);
    return {
      address: {
        text: spelt,
        scope: { type: "service", service, version: { variant } },
        measure: VERSION_SHARE,
      },
    };
  }
  if (!tail.startsWith("@")) return measured("services", { type: "service", service, version: "all" }, tail, spelt);
  const known = [...versions, "new"];
  const version = longestPrefix(tail.slice(1), known);
  if (version === null)
    return unknown(`the version "${upTo(tail.slice(1), "")}"`, upTo(tail.slice(1), ""), known, spelt);
  const variant = versions.indexOf(version);
  const scope: Scope = { type: "service", service, version: variant < 0 ? "new" : { variant } };
  return measured("services", scope, tail.slice(1 + version.length), spelt);
}

function measured(family: Family, scope: Scope, tail: string, text: string): ParsedAddress {
  const name = tail.slice(1);
  const measures = MEASURES[family];
  const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
  if (measure !== undefined) return { address: { text, scope, measure } };
  const known = family === "services" ? [...Object.keys(measures), "versions.<version>"] : Object.keys(measures);
  if (name !== "") return unknown(`the measure "${name}" of ${family}`, name, known, text);
  return {
    problem: `"${text}" names no measure`,
    suggestion: `add one of: ${known.filter((each) => !each.startsWith("bad")).join(", ")}`,
  };
}

function scopeOf(family: Exclude<Family, "services">, index: number): Scope {
  switch (family) {
    case "journeys":
      return { type: "journey", journey: index };
    case "zones":
      return { type: "zone", zone: index };
    case "calls":
      return { type: "edge", edge: index };
    case "load":
      return { type: "load", load: index };
  }
}

function entitiesOf(family: Family, names: AddressNames): string[] {
  switch (family) {
    case "journeys":
      return names.journeys.map((journey) => journey.name);
    case "services":
      return names.services.map((service) => service.name);
    case "zones":
      return [...names.zones];
    case "calls":
      return names.edges.map((edge) => edgeName(edge, names));
    case "load":
      return names.loads.map((load) => load.name);
  }
}

/** The longest known name that `text` begins with and that ends there, so that names may contain dots. */
function longestPrefix(text: string, known: readonly string[]): string | null {
  let best: string | null = null;
  for (const name of known) {
    if (!text.startsWith(name) || (best !== null && best.length >= name.length)) continue;
    const next = text[name.length];
    if (next === undefined || next === "." || next === "@") best = name;
  }
  return best;
}

/** The part of a misspelt name that the message quotes. */
function upTo(rest: string, family: string): string {
  const end = family === "services" ? /[.@]/ : /\./;
  return rest.split(end)[0]!;
}

function unknown(what: string, name: string, known: readonly string[], text: string): ParsedAddress {
  return { problem: `${what} is not known, in "${text}"`, suggestion: suggest(name, known) };
}

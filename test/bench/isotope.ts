// Converts a topology of Istio's isotope (https://github.com/istio/tools/tree/master/isotope) into one of ours.
// Usage: node test/bench/isotope.ts 1000-svc_5000-end.yaml > topology.yaml
//
// From there: services, replicas, error rates, scripts (calls one after the other or together, pauses, probabilities).
// Ours, because isotope's services do nothing but forward: what they work, their workers and the timeouts.
import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { assert } from "../../harness/core/assert.ts";

interface IsotopeCall {
  readonly service: string;
  readonly probability?: number;
}

type IsotopeCommand = { readonly call: string | IsotopeCall } | { readonly sleep: string } | readonly IsotopeCommand[];

interface IsotopeService {
  readonly name: string;
  readonly isEntrypoint?: boolean;
  readonly numReplicas?: number;
  readonly errorRate?: string | number;
  readonly script?: readonly IsotopeCommand[];
}

export interface Isotope {
  readonly defaults?: Omit<IsotopeService, "name">;
  readonly services: readonly IsotopeService[];
}

export interface Converted {
  /** The text of a topology file. */
  readonly topology: string;
  /** The service that users call. */
  readonly entry: string;
}

/** What graph20 has. */
const WORK = { mean: "10ms", shape: "exponential" };
const POOL = { concurrency: 8, model: "async" };
const NETWORK = { sameZone: "0.5ms" };
/** Of the users' call, of those behind it, and of all that lie deeper. */
const ATTEMPT_TIMEOUTS = ["1s", "500ms", "250ms"];

export const ENTRY_TIMEOUT = ATTEMPT_TIMEOUTS[0]!;

export function convertIsotope({ defaults = {}, services }: Isotope, name: string): Converted {
  const entry = services.find(({ isEntrypoint }) => isEntrypoint === true);
  assert(entry !== undefined, "an isotope topology has an entry point");
  const depths = depthsFrom(entry, services);
  const converted = services.map((service): [string, object] => {
    const { numReplicas = 1, errorRate, script = [] } = { ...defaults, ...service };
    const attemptTimeout = ATTEMPT_TIMEOUTS[Math.min(ATTEMPT_TIMEOUTS.length - 1, 1 + (depths.get(service.name) ?? 0))];
    const callees = calleesOf(script);
    return [
      service.name,
      {
        ...(numReplicas === 1 ? {} : { replicas: numReplicas }),
        operations: { handle: [WORK, ...script.map(stepOf)] },
        ...(callees.length === 0 ? {} : { calls: Object.fromEntries(callees.map((c) => [c, { attemptTimeout }])) }),
        ...(errorRate === undefined ? {} : { errors: { share: errorRate } }),
      },
    ];
  });
  const topology = {
    topology: name,
    network: NETWORK,
    defaults: { service: { pool: POOL } },
    services: Object.fromEntries(converted),
  };
  return { topology: stringify(topology, { aliasDuplicateObjects: false }), entry: entry.name };
}

/** How many calls lie between the entry point and a service, at the least. */
function depthsFrom(entry: IsotopeService, services: readonly IsotopeService[]): ReadonlyMap<string, number> {
  const scripts = new Map(services.map(({ name, script = [] }) => [name, script]));
  const depths = new Map([[entry.name, 0]]);
  // A map is iterated in the order of insertion, so what is added here is visited later: breadth first.
  for (const [name, depth] of depths) {
    for (const callee of calleesOf(scripts.get(name) ?? [])) if (!depths.has(callee)) depths.set(callee, depth + 1);
  }
  return depths;
}

function calleesOf(script: readonly IsotopeCommand[]): string[] {
  const found = script.flatMap((command): string[] => {
    if (isList(command)) return calleesOf(command);
    if (!("call" in command)) return [];
    return [typeof command.call === "string" ? command.call : command.call.service];
  });
  return [...new Set(found)];
}

function stepOf(command: IsotopeCommand): unknown {
  if (isList(command)) return command.map(stepOf);
  if ("sleep" in command) return { wait: command.sleep };
  if (typeof command.call === "string") return command.call;
  const { service, probability } = command.call;
  return probability === undefined ? service : { call: service, probability: probability / 100 };
}

function isList(command: IsotopeCommand): command is readonly IsotopeCommand[] {
  return Array.isArray(command);
}

if (import.meta.main) {
  const file = process.argv[2];
  assert(file !== undefined, "usage: node test/bench/isotope.ts <isotope topology> > topology.yaml");
  process.stdout.write(convertIsotope(parse(readFileSync(file, "utf8")) as Isotope, "isotope").topology);
}

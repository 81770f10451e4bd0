// The two documents of one variant: the fleet and the scenario with a strategy's `changes` applied, typed.
import { suggest } from "../core/suggest.ts";
import { Cursor } from "./cursor.ts";
import { completeCalls, completeTopology } from "./inherit.ts";
import { map, mapAt, nodeAt, type MapNode, type Node } from "./node.ts";
import { parse, type Parsed } from "./parse.ts";
import { mapValues, patched, withEntry } from "./patch.ts";
import type { Problems } from "./problems.ts";
import { scenarioSchema, type WrittenScenario } from "./scenario-schema.ts";
import type { StrategySource } from "./strategies.ts";
import { topologySchema, type WrittenTopology } from "./topology-schema.ts";

/** Both files as they were read. */
export interface Documents {
  readonly topology: MapNode;
  readonly scenario: MapNode;
}

/** A document after its schema, with the cursor that reports into it. */
export interface Typed<T> {
  readonly written: T;
  readonly root: MapNode;
  readonly cursor: Cursor;
}

export interface VariantSource {
  /** Both documents with the strategy's changes, defaults not yet spread out: versions change these. */
  readonly documents: Documents;
  readonly topology: Typed<WrittenTopology>;
  readonly scenario: Typed<WrittenScenario>;
}

/** With these a scenario can be looked at although its own values are wrong. */
const STAND_INS = { scenario: "unnamed", topology: "unnamed", duration: "24h" };

const FLEET_KEYS = ["zones", "network", "teams", "defaults", "services"];
const SCENARIO_KEYS = [
  "monitoring",
  "discovery",
  "journeys",
  "load",
  "versions",
  "timeline",
  "analysis",
  "alerts",
  "remedies",
  "containment",
  "checks",
];

/** Types the documents of variants; an unchanged topology is typed once for all of them. */
export class VariantSources {
  readonly #documents: Documents;
  readonly #problems: Problems;
  readonly #topologies = new Map<MapNode, Typed<WrittenTopology> | null>();

  constructor(documents: Documents, problems: Problems) {
    this.#documents = documents;
    this.#problems = problems;
  }

  /** Null where the documents do not fit their schema; the problems are reported. */
  of(strategy: StrategySource | null): VariantSource | null {
    let { topology, scenario } = this.#documents;
    for (const patch of strategy?.patches ?? []) {
      const { fleet, rest } = this.#split(patch);
      topology = fleet === null ? topology : (patched(topology, fleet) as MapNode);
      scenario = rest === null ? scenario : (patched(scenario, rest) as MapNode);
    }
    const typedTopology = this.#topology(topology);
    const typedScenario = this.scenario(scenario, topology, strategy === null ? [] : [strategy]);
    if (typedTopology === null || typedScenario === null) return null;
    return { documents: { topology, scenario }, topology: typedTopology, scenario: typedScenario };
  }

  /** The scenario with these strategies only, complete with what they and its loads inherit. */
  scenario(scenario: MapNode, topology: MapNode, strategies: readonly StrategySource[]): Typed<WrittenScenario> | null {
    const root = completeScenario(scenario, topology, strategies);
    const cursor = new Cursor(root, this.#problems);
    return typed(parse(scenarioSchema, root, cursor, STAND_INS), this.#problems);
  }

  #topology(topology: MapNode): Typed<WrittenTopology> | null {
    const known = this.#topologies.get(topology);
    if (known !== undefined) return known;
    const root = completeTopology(topology);
    const cursor = new Cursor(root, this.#problems);
    const parsed = typed(parse(topologySchema, root, cursor, { topology: "unnamed" }), this.#problems);
    this.#topologies.set(topology, parsed);
    return parsed;
  }

  /** A strategy's patch starts at the top of both files together. */
  #split(patch: Node): { fleet: MapNode | null; rest: MapNode | null } {
    if (patch.type !== "map") return { fleet: null, rest: null };
    const cursor = new Cursor(patch, this.#problems);
    for (const key of patch.entries.keys()) {
      if (FLEET_KEYS.includes(key) || SCENARIO_KEYS.includes(key)) continue;
      cursor
        .at(key)
        .errorAtKey(
          "unknown-key",
          `a strategy cannot change \`${key}\``,
          suggest(key, [...FLEET_KEYS, ...SCENARIO_KEYS]),
        );
    }
    this.#checkTargets(patch, cursor, this.#documents.topology, "services", "service", ["work", "operations"]);
    this.#checkTargets(patch, cursor, this.#documents.scenario, "versions", "version", ["service"]);
    return { fleet: only(patch, FLEET_KEYS), rest: only(patch, SCENARIO_KEYS) };
  }

  /** A change to what does not exist is a slip, unless it brings something whole. */
  #checkTargets(
    patch: MapNode,
    cursor: Cursor,
    document: MapNode,
    section: string,
    what: string,
    wholeWith: readonly string[],
  ): void {
    const known = [...(mapAt(document, [section])?.entries.keys() ?? [])];
    for (const [name, { node }] of mapAt(patch, [section])?.entries ?? []) {
      const isWhole = node.type === "map" && wholeWith.some((key) => node.entries.has(key));
      if (!known.includes(name) && !isWhole)
        cursor
          .at(section, name)
          .errorAtKey("patch-to-nothing", `there is no ${what} \`${name}\` to change`, suggest(name, known));
    }
  }
}

function typed<T>(parsed: Parsed<T> | null, problems: Problems): Typed<T> | null {
  if (parsed === null) return null;
  const root = parsed.node as MapNode;
  return { written: parsed.written, root, cursor: new Cursor(root, problems) };
}

function completeScenario(scenario: MapNode, topology: MapNode, strategies: readonly StrategySource[]): MapNode {
  const load = mapAt(scenario, ["load"]);
  const defaultCall = nodeAt(topology, ["defaults", "call"]);
  const complete =
    load === null
      ? scenario
      : withEntry(
          scenario,
          "load",
          mapValues(load, (each) => completeCalls(each, defaultCall)),
        );
  const written = mapAt(scenario, ["strategies"]);
  if (written === null) return complete;
  const resolved = strategies.map(({ name, node }): [string, { keyPlace: typeof node.place; node: Node }] => [
    name,
    { keyPlace: written.entries.get(name)!.keyPlace, node },
  ]);
  return withEntry(complete, "strategies", map(resolved, written.place));
}

function only(patch: MapNode, keys: readonly string[]): MapNode | null {
  const entries = [...patch.entries].filter(([key]) => keys.includes(key));
  return entries.length === 0 ? null : map(entries, patch.place);
}

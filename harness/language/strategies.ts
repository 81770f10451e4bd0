// The strategies of a scenario: each one complete, with the patches that make its variant.
import { suggest } from "../core/suggest.ts";
import type { Cursor } from "./cursor.ts";
import { mapAt, type MapNode, type Node } from "./node.ts";
import { patched, without } from "./patch.ts";

export interface StrategySource {
  readonly name: string;
  /** The strategy with what it extends. */
  readonly node: MapNode;
  /** `changes` of what it extends, then its own; applied in order. */
  readonly patches: readonly Node[];
}

/** All strategies in the order of the file; one whose `extends` leads nowhere is reported and left out. */
export function strategiesOf(scenario: MapNode, cursor: Cursor): StrategySource[] {
  const all = mapAt(scenario, ["strategies"]);
  if (all === null) return [];
  return [...all.entries.keys()].flatMap((name) => resolved(name, all, cursor.at("strategies"), []) ?? []);
}

function resolved(name: string, all: MapNode, cursor: Cursor, above: readonly string[]): StrategySource | null {
  const own = all.entries.get(name)?.node;
  if (own?.type !== "map") return null;
  const place = cursor.at(name);
  const extended = own.entries.get("extends")?.node;
  const base = extended?.type === "scalar" && typeof extended.value === "string" ? extended.value : null;
  const patches = patchesOf(own);
  if (base === null) return { name, node: own, patches: patches ?? [] };
  if ([...above, name].includes(base)) {
    place
      .at("extends")
      .error("extends-circle", `the strategies extend each other in a circle: ${[...above, name, base].join(" -> ")}`);
    return null;
  }
  if (!all.entries.has(base)) {
    place.at("extends").error("unknown-name", `there is no strategy \`${base}\``, suggest(base, all.entries.keys()));
    return null;
  }
  const below = resolved(base, all, cursor, [...above, name]);
  if (below === null) return null;
  const replacesRules = own.entries.has("respond") || own.entries.has("rollback");
  const inherited = without(below.node, ["extends", "changes", ...(replacesRules ? ["respond", "rollback"] : [])]);
  const node = patched(inherited, own) as MapNode;
  return { name, node, patches: patches === null ? [] : [...below.patches, ...patches] };
}

/** Null: the strategy takes back the changes that it inherits. */
function patchesOf(own: MapNode): Node[] | null {
  const changes = own.entries.get("changes")?.node;
  if (changes === undefined) return [];
  return changes.type === "scalar" && changes.value === null ? null : [changes];
}

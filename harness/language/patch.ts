// The one patch shape of the language: maps merge, lists replace, `null` removes.
import type { MapEntry, MapNode, Node, Scalar } from "./node.ts";

/** `base` changed by `patch`. Every part keeps the place where it was written. */
export function patched(base: Node | null, patch: Node): Node {
  if (patch.type !== "map") return patch;
  const entries = new Map<string, MapEntry>(base?.type === "map" && !replaces(base, patch) ? base.entries : []);
  for (const [key, entry] of patch.entries) {
    const { node } = entry;
    if (node.type === "scalar" && node.value === null) entries.delete(key);
    else entries.set(key, { keyPlace: entry.keyPlace, node: patched(entries.get(key)?.node ?? null, node) });
  }
  return { type: "map", entries, place: patch.place };
}

/** A map of another kind, and a distribution, is one value: it replaces what was there instead of mixing with it. */
function replaces(base: MapNode, patch: MapNode): boolean {
  const isOfAnotherKind = ["kind", "type"].some((key) => {
    const [before, after] = [scalarOf(base, key), scalarOf(patch, key)];
    return before !== undefined && after !== undefined && before !== after;
  });
  return isOfAnotherKind || DISTRIBUTIONS.some((keys) => keys.every((key) => patch.entries.has(key)));
}

/** The keys that make each form of a distribution whole. */
const DISTRIBUTIONS = [["p50", "p99"], ["mean", "shape"], ["uniform"], ["samples"]];

function scalarOf(node: MapNode, key: string): Scalar | undefined {
  const value = node.entries.get(key)?.node;
  return value?.type === "scalar" ? value.value : undefined;
}

/** The map without `keys`. */
export function without(node: MapNode, keys: readonly string[]): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))) };
}

/** The map with `key` set to `node`; the key keeps its place. */
export function withEntry(node: MapNode, key: string, value: Node): MapNode {
  const keyPlace = node.entries.get(key)?.keyPlace ?? value.place;
  return { ...node, entries: new Map([...node.entries, [key, { keyPlace, node: value }]]) };
}

/** The map with each entry's value replaced. */
export function mapValues(node: MapNode, change: (value: Node, key: string) => Node): MapNode {
  const entries = [...node.entries].map(([key, entry]): [string, MapEntry] => [
    key,
    { ...entry, node: change(entry.node, key) },
  ]);
  return { ...node, entries: new Map(entries) };
}

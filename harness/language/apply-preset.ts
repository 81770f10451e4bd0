// A map that names a preset, with the preset's values beneath its own. Done on the tree, so that what is written keeps its
// place; what the preset brought is at the place of the word.
import type { Place } from "../model/problem.ts";
import { type Node, nodeAt, scalar } from "./node.ts";
import { patched } from "./patch.ts";
import type { Piece, Preset } from "./presets.ts";

/** `node` under the preset that it names, of this table; as it is where it names none (an unknown one is the schema's to refuse). */
export function withPreset(node: Node, presets: Readonly<Record<string, Preset>>): Node {
  const name = node.type === "map" ? node.entries.get("preset")?.node : undefined;
  if (node.type !== "map" || name?.type !== "scalar" || typeof name.value !== "string") return node;
  if (!Object.hasOwn(presets, name.value)) return node;
  const { always, parts } = presets[name.value]!;
  const asked = Object.entries(parts).filter(([path]) => nodeAt(node, path.split("."))?.type === "map");
  const pieces = [always, ...asked.map(([path, piece]) => nested(path.split("."), piece))];
  const tree = pieces.map((piece) => treeOf(piece, name.place)).reduce((base, piece) => patched(base, piece));
  return patched(tree, node);
}

function nested(path: readonly string[], piece: Piece[string]): Piece {
  return path.reduceRight<Piece[string]>((inner, key) => ({ [key]: inner }), piece) as Piece;
}

function treeOf(value: Piece[string], place: Place): Node {
  if (typeof value !== "object") return scalar(value, place);
  if (Array.isArray(value)) return { type: "list", items: value.map((item) => scalar(item, place)), place };
  const entries = Object.entries(value as Piece).map(
    ([key, item]) => [key, { keyPlace: place, node: treeOf(item, place) }] as const,
  );
  return { type: "map", entries: new Map(entries), place };
}

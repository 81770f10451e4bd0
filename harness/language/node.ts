// A document as a tree that knows where each part was written. Patches and inheritance work on this tree, so
// that a problem found in a merged document still points to the file and line that the user must change.
import type { Place } from "../model/problem.ts";

export type Node = ScalarNode | MapNode | ListNode;
export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  readonly type: "scalar";
  readonly value: Scalar;
  readonly place: Place;
}

export interface MapNode {
  readonly type: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly place: Place;
}

export interface MapEntry {
  readonly keyPlace: Place;
  readonly node: Node;
}

export interface ListNode {
  readonly type: "list";
  readonly items: readonly Node[];
  readonly place: Place;
}

export type Path = readonly (string | number)[];

export function scalar(value: Scalar, place: Place): ScalarNode {
  return { type: "scalar", value, place };
}

export function map(entries: Iterable<[string, MapEntry]>, place: Place): MapNode {
  return { type: "map", entries: new Map(entries), place };
}

/** The part of the tree at `path`, or null. */
export function nodeAt(root: Node, path: Path): Node | null {
  let node: Node | null = root;
  for (const step of path) node = node === null ? null : child(node, step);
  return node;
}

/** The map at `path`, or null where there is something else. */
export function mapAt(root: Node, path: Path): MapNode | null {
  const node = nodeAt(root, path);
  return node?.type === "map" ? node : null;
}

/** Where to point for the value at `path`; for a missing one, to what should have held it. */
export function placeAt(root: Node, path: Path): Place {
  const node = nodeAt(root, path);
  if (node === null) return path.length === 0 ? root.place : keyPlaceAt(root, path.slice(0, -1));
  return node.type === "scalar" ? node.place : (keyEntryAt(root, path)?.keyPlace ?? node.place);
}

/** Where the key of `path` was written; its value's place where it has no key. */
export function keyPlaceAt(root: Node, path: Path): Place {
  return keyEntryAt(root, path)?.keyPlace ?? placeAt(root, path);
}

/** The tree as plain values, as a schema wants them. */
export function plain(node: Node): unknown {
  switch (node.type) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plain);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
  }
}

function child(node: Node, step: string | number): Node | null {
  if (node.type === "map") return node.entries.get(String(step))?.node ?? null;
  return node.type === "list" && typeof step === "number" ? (node.items[step] ?? null) : null;
}

function keyEntryAt(root: Node, path: Path): MapEntry | null {
  if (path.length === 0) return null;
  return mapAt(root, path.slice(0, -1))?.entries.get(String(path[path.length - 1])) ?? null;
}

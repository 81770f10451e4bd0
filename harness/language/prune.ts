// What does not fit its schema is cut out, so that the rest can still be looked at: users want every problem at
// once, not one layer of them at a time.
import { nodeAt, scalar, type ListNode, type MapNode, type Node, type Path, type Scalar } from "./node.ts";
import { withEntry } from "./patch.ts";

/**
 * The tree without what stands at `paths` (or without what lacks it); null where nothing would be left. A required
 * key at the top gets its stand-in instead.
 */
export function pruned(root: Node, paths: readonly Path[], standIns: Readonly<Record<string, Scalar>>): Node | null {
  let rest = root;
  const cuts: Path[] = [];
  for (const path of paths) {
    const key = String(path[0]);
    if (path.length === 1 && Object.hasOwn(standIns, key) && rest.type === "map") {
      rest = withEntry(rest, key, scalar(standIns[key]!, root.place));
    } else cuts.push(nodeAt(root, path) === null ? path.slice(0, -1) : path);
  }
  return cuts.some((path) => path.length === 0) ? null : cut(rest, cuts);
}

/** The names of everything that stands at `paths` and below: whoever mentions them makes no further mistake. */
export function namesAt(root: Node, paths: readonly Path[]): string[] {
  return paths.flatMap((path) => {
    const node = nodeAt(root, path);
    const holder = node === null ? path.slice(0, -1) : path;
    return [...holder.slice(-1).map(String), ...namesIn(nodeAt(root, holder))];
  });
}

function cut(node: Node, paths: readonly Path[]): Node {
  if (paths.length === 0 || node.type === "scalar") return node;
  const below = new Map<string, Path[]>();
  for (const [first, ...rest] of paths) below.set(String(first), [...(below.get(String(first)) ?? []), rest]);
  const isCut = (key: string): boolean => below.get(key)?.some((rest) => rest.length === 0) === true;
  return node.type === "map" ? cutMap(node, below, isCut) : cutList(node, below, isCut);
}

function cutMap(node: MapNode, below: ReadonlyMap<string, readonly Path[]>, isCut: (key: string) => boolean): MapNode {
  const kept = [...node.entries].filter(([key]) => !isCut(key));
  return {
    ...node,
    entries: new Map(kept.map(([key, entry]) => [key, { ...entry, node: cut(entry.node, below.get(key) ?? []) }])),
  };
}

function cutList(
  node: ListNode,
  below: ReadonlyMap<string, readonly Path[]>,
  isCut: (key: string) => boolean,
): ListNode {
  return {
    ...node,
    items: node.items.flatMap((item, index) =>
      isCut(String(index)) ? [] : [cut(item, below.get(String(index)) ?? [])],
    ),
  };
}

function namesIn(node: Node | null): string[] {
  if (node?.type !== "map") return [];
  return [...node.entries].flatMap(([key, entry]) => [key, ...namesIn(entry.node)]);
}

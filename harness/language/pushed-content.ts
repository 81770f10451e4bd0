// What instances make of a version's content: of a good one its changes, of a broken one whatever they do with such.
import type { WrittenVersion } from "./version-schema.ts";
import { map, scalar, type MapNode, type Node, type Scalar } from "./node.ts";
import { patched } from "./patch.ts";

/** The service with the version's content; `changes` is null where it has none. */
export function withContent(base: Node, changes: MapNode | null, onBad: WrittenVersion["onBad"]): Node {
  const changed = changes === null ? base : patched(base, changes);
  switch (onBad) {
    case undefined:
    case "failOpen":
      return changed;
    case "keepLastGood":
      return base;
    case "crash":
      return patched(changed, piece(base, { crashOnStart: true }));
    case "failClosed":
      return patched(base, failing(base));
  }
}

/** Something that nobody has written: it stands where the service does. */
function piece({ place }: Pick<Node, "place">, values: Readonly<Record<string, Scalar>>): MapNode {
  return map(
    Object.entries(values).map(([key, value]) => [key, { keyPlace: place, node: scalar(value, place) }]),
    place,
  );
}

/** Whatever else may fail of it, everything does. */
function failing({ place }: Pick<Node, "place">): MapNode {
  const node: Node = { type: "list", items: [piece({ place }, { share: 1, status: 500 })], place };
  return map([["errors", { keyPlace: place, node }]], place);
}

// A topology file with everything that it extends.
import type { Place } from "../model/problem.ts";
import { Cursor } from "./cursor.ts";
import { nodeAt, type MapNode } from "./node.ts";
import { patched, without } from "./patch.ts";
import type { Problems } from "./problems.ts";
import { beside, readFile } from "./read-file.ts";
import { substituted, variablesOf, type Variables } from "./variables.ts";

/** Files that may extend each other in a row. */
const CHAIN_LIMIT = 8;

/** One tree, each part knowing its own file; null where a file cannot be read. `variables` are the scenario's: they win. */
export function readTopology(
  file: string,
  namedAt: Place | null,
  variables: Variables,
  problems: Problems,
  above: readonly string[] = [],
): MapNode | null {
  if (above.includes(file) || above.length >= CHAIN_LIMIT) {
    problems.error(
      "extends-circle",
      namedAt,
      above.includes(file)
        ? `the files extend each other in a circle: ${[...above, file].join(" -> ")}`
        : `more than ${CHAIN_LIMIT} files extend each other`,
    );
    return null;
  }
  const root = readMap(file, namedAt, problems);
  if (root === null) return null;
  const own = substituted(root, variablesOf(root, variables, problems), problems) as MapNode;
  const extended = nodeAt(own, ["extends"]);
  const changes = nodeAt(own, ["changes"]);
  if (extended === null) {
    if (changes !== null)
      new Cursor(own, problems)
        .at("changes")
        .errorAtKey(
          "missing-key",
          "`changes` needs `extends`: there is nothing to change",
          "write the piece at the top of the file",
        );
    return own;
  }
  if (extended.type !== "scalar" || typeof extended.value !== "string") return own;
  const base = readTopology(beside(file, extended.value), extended.place, variables, problems, [...above, file]);
  if (base === null) return null;
  const top = patched(without(base, ["vars", "extends", "changes"]), without(own, ["extends", "changes"])) as MapNode;
  return changes === null ? top : (patched(top, changes) as MapNode);
}

/** A file whose top is a map. */
export function readMap(file: string, namedAt: Place | null, problems: Problems): MapNode | null {
  const root = readFile(file, namedAt, problems);
  if (root === null || root.type === "map") return root;
  problems.error(
    "wrong-type",
    root.place,
    `expected a map at the top of the file, found a ${root.type === "list" ? "list" : "single value"}`,
  );
  return null;
}

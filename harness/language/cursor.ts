// A place in a document: where a check is looking, so that what it finds is reported there.
import type { Place } from "../model/problem.ts";
import { keyPlaceAt, nodeAt, placeAt, type Node, type Path } from "./node.ts";
import { withEntry } from "./patch.ts";
import type { Problems } from "./problems.ts";

export class Cursor {
  readonly #root: Node;
  readonly #path: Path;
  readonly #isKey: boolean;
  readonly problems: Problems;

  constructor(root: Node, problems: Problems, path: Path = [], isKey = false) {
    this.#root = root;
    this.#path = path;
    this.#isKey = isKey;
    this.problems = problems;
  }

  at(...steps: Path): Cursor {
    return new Cursor(this.#root, this.problems, [...this.#path, ...steps]);
  }

  /** The same place in another state of the document. */
  on(node: Node): Cursor {
    return new Cursor(replaced(this.#root, this.#path, node), this.problems, this.#path);
  }

  /** The key that stands here, instead of its value. */
  get key(): Cursor {
    return new Cursor(this.#root, this.problems, this.#path, true);
  }

  /** Of the value, or of its key where it is a map or list. */
  get place(): Place {
    if (this.#isKey) return keyPlaceAt(this.#root, this.#path);
    return placeAt(this.#root, this.#path);
  }

  /** Whether anything was written here. */
  get exists(): boolean {
    return nodeAt(this.#root, this.#path) !== null;
  }

  error(code: string, message: string, hint: string | null = null): void {
    this.problems.error(code, this.place, message, hint);
  }

  warning(code: string, message: string, hint: string | null = null): void {
    this.problems.warning(code, this.place, message, hint);
  }

  /** About the key itself. */
  errorAtKey(code: string, message: string, hint: string | null = null): void {
    this.key.error(code, message, hint);
  }
}

/** The tree with `node` at `path`. */
function replaced(root: Node, path: Path, node: Node): Node {
  const [first, ...rest] = path;
  if (first === undefined) return node;
  if (root.type !== "map") return root;
  const entry = root.entries.get(String(first));
  return entry === undefined ? root : withEntry(root, String(first), replaced(entry.node, rest, node));
}

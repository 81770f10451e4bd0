// A place in a document: where a check is looking, so that what it finds is reported there.
import type { Place } from "../model/problem.ts";
import { keyPlaceAt, nodeAt, placeAt, type Node, type Path } from "./node.ts";
import type { Problems } from "./problems.ts";

export class Cursor {
  readonly #root: Node;
  readonly #path: Path;
  readonly problems: Problems;

  constructor(root: Node, problems: Problems, path: Path = []) {
    this.#root = root;
    this.#path = path;
    this.problems = problems;
  }

  at(...steps: Path): Cursor {
    return new Cursor(this.#root, this.problems, [...this.#path, ...steps]);
  }

  /** Of the value, or of its key where it is a map or list. */
  get place(): Place {
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
    this.problems.error(code, keyPlaceAt(this.#root, this.#path), message, hint);
  }
}

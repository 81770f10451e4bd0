// What the names of a scenario stand for: every entity is numbered by its name, so that the order in which a
// file lists them changes nothing.
import { suggest } from "../core/suggest.ts";
import type { Cursor } from "./cursor.ts";

/** One kind of entity: `service`, `journey`, … */
export class Names {
  readonly #what: string;
  readonly list: readonly string[];
  readonly #index: ReadonlyMap<string, number>;

  private constructor(what: string, list: readonly string[]) {
    this.#what = what;
    this.list = list;
    this.#index = new Map(list.map((name, index) => [name, index]));
  }

  /** Numbered in alphabetical order (of code units, so that no locale matters). */
  static sorted(what: string, names: Iterable<string>): Names {
    return new Names(what, [...new Set(names)].sort());
  }

  /** Numbered as listed. */
  static listed(what: string, names: Iterable<string>): Names {
    return new Names(what, [...new Set(names)]);
  }

  has(name: string): boolean {
    return this.#index.has(name);
  }

  /** Of a name that is known to exist; -1 otherwise. */
  indexOf(name: string): number {
    return this.#index.get(name) ?? -1;
  }

  /** The number of a name that a user wrote at `cursor`; -1 and a problem where there is no such entity. */
  find(name: string, cursor: Cursor): number {
    const index = this.#index.get(name);
    if (index !== undefined) return index;
    if (!cursor.problems.isLeftOut(name))
      cursor.error("unknown-name", `there is no ${this.#what} \`${name}\``, suggest(name, this.list));
    return -1;
  }
}

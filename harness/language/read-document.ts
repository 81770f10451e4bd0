// Text to located tree: YAML 1.2, core schema, without merge keys. Hostile input is refused by limits, never
// by running out of time or memory.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Alias, Node as YamlNode, Pair } from "yaml";
import type { Place } from "../model/problem.ts";
import { map, scalar, type MapEntry, type Node, type Scalar } from "./node.ts";
import type { Problems } from "./problems.ts";
import { yamlSlip } from "./yaml-slip.ts";

/** A file above this is refused unread. */
export const FILE_BYTES_LIMIT = 1024 * 1024;
/** Parts that aliases may multiply a document into, beyond those written. */
const ALIAS_NODES_LIMIT = 20_000;
const DEPTH_LIMIT = 64;
/** The tree of a document, or null where it cannot be read; what is wrong goes to `problems`. */
export function readDocument(file: string, text: string, problems: Problems): Node | null {
  const lines = new LineCounter();
  const placer = (from: number, to: number): Place => placeOf(file, text, lines, from, to);
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
  });
  // What the parser says after its first error is of its own stumbling.
  const [slip = null] = document.errors.length > 0 ? document.errors : document.warnings;
  if (slip !== null) {
    const { code, from, to, message, hint } = yamlSlip(text, slip);
    problems.error(code, placer(from, to), message, hint);
  }
  if (document.errors.length > 0) return null;
  if (document.contents === null) {
    problems.error("bad-yaml", placer(0, 0), "the file is empty");
    return null;
  }
  return new Reader(placer, problems).read(document.contents, 0);
}

/** Turns the parser's nodes into ours; anchors are remembered as they are passed. */
class Reader {
  readonly #place: (from: number, to: number) => Place;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, { readonly node: Node; readonly size: number }>();
  #size = 0;
  #aliased = 0;
  /** Anchors of what could not be read: their aliases are not another problem. */
  readonly #broken = new Set<string>();

  constructor(place: (from: number, to: number) => Place, problems: Problems) {
    this.#place = place;
    this.#problems = problems;
  }

  read(node: YamlNode, depth: number): Node | null {
    const place = this.#placeOf(node);
    if (depth > DEPTH_LIMIT) {
      this.#problems.error("too-deep", place, `nested deeper than ${DEPTH_LIMIT} levels`);
      return null;
    }
    if (isAlias(node)) return this.#resolve(node, place);
    const sizeBefore = this.#size++;
    const read = this.#content(node, place, depth);
    if ("anchor" in node && typeof node.anchor === "string") {
      if (read === null) this.#broken.add(node.anchor);
      else this.#anchors.set(node.anchor, { node: read, size: this.#size - sizeBefore });
    }
    return read;
  }

  #content(node: YamlNode, place: Place, depth: number): Node | null {
    if (isScalar(node)) return this.#scalar(node.value, place);
    if (isSeq<YamlNode>(node)) {
      const items = node.items.map((item) => this.read(item, depth + 1));
      return items.includes(null) ? null : { type: "list", items: items as Node[], place };
    }
    if (isMap<YamlNode, YamlNode | null>(node)) return this.#map(node.items, place, depth);
    this.#problems.error("bad-yaml", place, "this kind of YAML node is not understood");
    return null;
  }

  #scalar(value: unknown, place: Place): Node | null {
    if (value === null || ["string", "number", "boolean"].includes(typeof value)) return scalar(value as Scalar, place);
    this.#problems.error("bad-yaml", place, "only texts, numbers, true, false and null are understood");
    return null;
  }

  #map(pairs: readonly Pair<YamlNode, YamlNode | null>[], place: Place, depth: number): Node | null {
    const entries = new Map<string, MapEntry>();
    let isWhole = true;
    for (const pair of pairs) {
      const keyPlace = this.#placeOf(pair.key);
      const key = isScalar(pair.key) ? String(pair.key.value) : null;
      const value = pair.value === null ? scalar(null, keyPlace) : this.read(pair.value, depth + 1);
      if (key === null || key === "__proto__") this.#problems.error("bad-yaml", keyPlace, "this cannot be a key");
      else if (entries.has(key))
        this.#problems.error("duplicate-key", keyPlace, `\`${key}\` is written twice in this map`);
      if (key === null || key === "__proto__" || value === null) isWhole = false;
      else entries.set(key, { keyPlace, node: value });
    }
    return isWhole ? map(entries, place) : null;
  }

  #resolve(alias: Alias, place: Place): Node | null {
    const anchored = this.#anchors.get(alias.source);
    if (this.#aliased > ALIAS_NODES_LIMIT || this.#broken.has(alias.source)) return null;
    if (anchored === undefined) {
      this.#problems.error(
        "bad-yaml",
        place,
        `the alias \`*${alias.source}\` stands inside its own anchor, or before it`,
      );
      return null;
    }
    this.#size += anchored.size;
    this.#aliased += anchored.size;
    if (this.#aliased <= ALIAS_NODES_LIMIT) return anchored.node;
    this.#problems.error(
      "alias-bomb",
      place,
      `aliases multiply this file to more than ${ALIAS_NODES_LIMIT} further parts`,
      "write out what is meant, without aliases",
    );
    return null;
  }

  #placeOf(node: YamlNode): Place {
    const [from, to] = node.range ?? [0, 0];
    return this.#place(from, to);
  }
}

/** `from` and `to` are offsets; what spans lines is underlined to the end of its first. */
function placeOf(file: string, text: string, lines: LineCounter, from: number, to: number): Place {
  const { line, col } = lines.linePos(Math.min(from, text.length));
  let end = Math.min(to, (lines.lineStarts[line] ?? text.length + 1) - 1);
  while (end > from && isBlank(text.charCodeAt(end - 1))) end--;
  return { file, line: Math.max(line, 1), column: Math.max(col, 1), length: Math.max(1, end - from) };
}

function isBlank(character: number): boolean {
  return character <= 32;
}

// Variables: `vars:` at the top of a file, `$(name)` anywhere in it, `--var name=value` over both.
import { parseDocument, isScalar } from "yaml";
import { suggest } from "../core/suggest.ts";
import { map, mapAt, scalar, type MapEntry, type Node, type Scalar, type ScalarNode } from "./node.ts";
import type { Problems } from "./problems.ts";

export type Variables = ReadonlyMap<string, Scalar>;

/** The values of a file's own `vars:` under those given from outside, which win. */
export function variablesOf(root: Node, outer: Variables, problems: Problems): Variables {
  const own = new Map<string, Scalar>();
  for (const [name, { node, keyPlace }] of mapAt(root, ["vars"])?.entries ?? []) {
    if (node.type === "scalar" && node.value !== null) own.set(name, node.value);
    else problems.error("wrong-type", keyPlace, `the variable \`${name}\` must be a text, a number, true or false`);
  }
  return new Map([...own, ...outer]);
}

/** `--var` values are read as YAML scalars, so that `3` is a number and `3s` a text. */
export function variablesGiven(given: Readonly<Record<string, string>>): Variables {
  return new Map(Object.entries(given).map(([name, text]) => [name, scalarOf(text)]));
}

/** The tree with every `$(name)` replaced. A scalar that is nothing else takes the variable's type. */
export function substituted(node: Node, variables: Variables, problems: Problems): Node {
  switch (node.type) {
    case "scalar":
      return replaced(node, variables, problems);
    case "list":
      return { ...node, items: node.items.map((item) => substituted(item, variables, problems)) };
    case "map": {
      const entries = [...node.entries].map(([key, entry]): [string, MapEntry] => [
        key,
        { keyPlace: entry.keyPlace, node: substituted(entry.node, variables, problems) },
      ]);
      return map(entries, node.place);
    }
  }
}

function replaced(node: ScalarNode, variables: Variables, problems: Problems): ScalarNode {
  const { value, place } = node;
  if (typeof value !== "string" || !value.includes("$(")) return node;
  const lookUp = (name: string): Scalar => {
    const found = variables.get(name);
    if (found !== undefined) return found;
    problems.error(
      "unknown-name",
      place,
      `there is no variable \`${name}\``,
      suggest(name, variables.keys()) ?? "declare it under `vars:`",
    );
    return "";
  };
  const whole = /^\$\(([^()]*)\)$/.exec(value);
  if (whole !== null) return scalar(lookUp(whole[1]!), place);
  return scalar(
    value.replace(/\$\(([^()]*)\)/g, (_, name: string) => String(lookUp(name))),
    place,
  );
}

function scalarOf(text: string): Scalar {
  const { errors, contents } = parseDocument(text, { prettyErrors: false });
  const value = errors.length === 0 && isScalar(contents) ? contents.value : text;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string" ? value : text;
}

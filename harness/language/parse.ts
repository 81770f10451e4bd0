// A located tree through a schema: typed values, or problems at the places that the schema complains of.
import * as z from "zod";
import { NAME_HINT } from "../schema/name.ts";
import type { IssueParams } from "../schema/written.ts";
import type { Cursor } from "./cursor.ts";
import { plain, type Node } from "./node.ts";
import { suggest } from "./suggest.ts";

/** The values of `node`, or null; problems are reported below `cursor`, which stands on the same node. */
export function parse<T extends z.ZodType>(schema: T, node: Node, cursor: Cursor): z.output<T> | null {
  const result = schema.safeParse(plain(node), { error: knownKeys, reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) report(issue, cursor);
  return null;
}

/** Schemas do not put their keys into an issue; this smuggles them through its message. */
function knownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const shape = (issue.inst as z.ZodObject | undefined)?.shape ?? {};
  return Object.keys(shape).join(",");
}

type Issue = z.core.$ZodIssue;

function report(issue: Issue, from: Cursor): void {
  const cursor = from.at(...(issue.path as (string | number)[]));
  switch (issue.code) {
    case "custom": {
      const { code, hint } = (issue.params as unknown as IssueParams | undefined) ?? { code: "bad-value", hint: null };
      return cursor.error(code, issue.message, hint);
    }
    case "unrecognized_keys":
      for (const key of issue.keys)
        cursor
          .at(key)
          .errorAtKey("unknown-key", `\`${key}\` is not a key here`, suggest(key, issue.message.split(",")));
      return;
    case "invalid_union":
      return reportUnion(issue, cursor);
    case "invalid_value": {
      if (issue.input === undefined)
        return cursor.error("missing-key", `${last(issue)} is missing`, `write ${listed(issue.values)}`);
      const values = issue.values.map(String);
      return cursor.error(
        "bad-value",
        `${shown(issue.input)} is not possible here`,
        suggest(String(issue.input), values) ?? `write ${listed(values)}`,
      );
    }
    case "invalid_type":
      if (issue.input === undefined) return cursor.error("missing-key", `${last(issue)} is missing`);
      return cursor.error(
        "wrong-type",
        `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}, found ${shown(issue.input)}`,
      );
    case "invalid_key":
      return cursor.errorAtKey("bad-name", `\`${last(issue)}\` is not a name`, NAME_HINT);
    case "too_small":
      return cursor.error(
        "out-of-range",
        issue.origin === "array"
          ? `needs at least ${issue.minimum} entries`
          : `must be ${issue.inclusive === true ? "at least" : "above"} ${issue.minimum}`,
      );
    case "too_big":
      return cursor.error(
        "out-of-range",
        issue.origin === "array" ? `may have at most ${issue.maximum} entries` : `must be at most ${issue.maximum}`,
      );
    default:
      return cursor.error("bad-value", issue.message);
  }
}

/** Of several forms, the one that the user most likely meant. */
function reportUnion(issue: Extract<Issue, { code: "invalid_union" }>, cursor: Cursor): void {
  if (issue.errors.length === 0) return reportDiscriminator(issue, cursor);
  const forms = [...issue.errors].map((issues) => ({ issues, cost: costOf(issues) }));
  const best = forms.reduce((least, form) => (form.cost < least.cost ? form : least));
  if (best.cost < WRONG_SHAPE) {
    for (const each of best.issues) report(withSiblingValues(each, issue.errors), cursor);
    return;
  }
  const hints = issue.errors
    .flat()
    .map((each) => (each.code === "custom" ? (each.params as unknown as IssueParams | undefined)?.hint : null));
  if (issue.input === undefined)
    return cursor.error("missing-key", `${last(issue)} is missing`, hints.find((hint) => hint != null) ?? null);
  cursor.error("wrong-type", `${shown(issue.input)} is not possible here`, hints.find((hint) => hint != null) ?? null);
}

function reportDiscriminator(issue: Extract<Issue, { code: "invalid_union" }>, cursor: Cursor): void {
  const { options = [] } = issue as unknown as { options?: readonly unknown[] };
  const key = last(issue).replaceAll("`", "");
  const written =
    issue.input !== null && typeof issue.input === "object"
      ? (issue.input as Record<string, unknown>)[key]
      : issue.input;
  if (written === undefined)
    return cursor.error("missing-key", `${last(issue)} is missing`, `write ${listed(options)}`);
  cursor.error(
    "bad-value",
    `${shown(written)} is not possible here`,
    suggest(String(written), options.map(String)) ?? `write ${listed(options)}`,
  );
}

const WRONG_SHAPE = 1000;

/** How far what was written is from a form: a value of another shape is hopeless, a slip in a key is near. */
function costOf(issues: readonly Issue[]): number {
  let cost = 0;
  for (const issue of issues) {
    const isWhole = issue.path.length === 0;
    if (issue.code === "invalid_type") cost += isWhole ? WRONG_SHAPE : issue.input === undefined ? 3 : 1;
    else if (issue.code === "invalid_value") cost += isWhole ? WRONG_SHAPE - 1 : 2;
    else if (issue.code === "unrecognized_keys") cost += 2 * issue.keys.length;
    else if (issue.code === "invalid_union")
      cost += issue.errors.length === 0 ? 1 : Math.min(...issue.errors.map(costOf));
    else if (issue.code === "custom") cost += customCost(issue, isWhole);
    else cost += 1;
  }
  return cost;
}

function customCost(issue: Extract<Issue, { code: "custom" }>, isWhole: boolean): number {
  const params = issue.params as unknown as IssueParams | undefined;
  if (isWhole && params?.isShape === true) return WRONG_SHAPE;
  return params?.code === "missing-key" ? 3 : 1;
}

/** Where several forms each allow one value of the same key, all of them are possible. */
function withSiblingValues(issue: Issue, forms: readonly (readonly Issue[])[]): Issue {
  if (issue.code !== "invalid_value") return issue;
  const path = JSON.stringify(issue.path);
  const values = forms
    .flat()
    .flatMap((each) => (each.code === "invalid_value" && JSON.stringify(each.path) === path ? each.values : []));
  return { ...issue, values: [...new Set(values)] };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  tuple: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
};

function last(issue: Issue): string {
  return issue.path.length === 0 ? "a value" : `\`${String(issue.path.at(-1))}\``;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : JSON.stringify(value);
}

function listed(values: readonly unknown[]): string {
  return values
    .map((value) => `\`${String(value)}\``)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");
}

// A located tree through a schema: typed values, or problems at the places that the schema complains of.
import type * as z from "zod";
import { suggest } from "../core/suggest.ts";
import { elsewhere } from "../schema/elsewhere.ts";
import { NAME_HINT } from "../schema/name.ts";
import type { IssueParams } from "../schema/written.ts";
import type { Cursor } from "./cursor.ts";
import { plain, type Node, type Path, type Scalar } from "./node.ts";
import { namesAt, pruned } from "./prune.ts";

/** Rounds of cutting out what does not fit. */
const ROUNDS = 8;

export interface Parsed<T> {
  readonly written: T;
  /** The tree that `written` was read from: what did not fit is cut out of it. */
  readonly node: Node;
}

/**
 * The values of `node`. What does not fit is reported at `cursor`, which stands on the same node, and left out;
 * null where too little would be left to go on. `standIns` are values for required keys at the top, with which the
 * rest can be looked at although they are wrong.
 */
export function parse<T extends z.ZodType>(
  schema: T,
  node: Node,
  cursor: Cursor,
  standIns: Readonly<Record<string, Scalar>> = {},
): Parsed<z.output<T>> | null {
  let rest: Node | null = node;
  for (let round = 0; rest !== null && round < ROUNDS; round++) {
    const result = schema.safeParse(plain(rest), { error: knownKeys, reportInput: true });
    if (result.success) return { written: result.data, node: rest };
    const { issues } = result.error;
    const place = round === 0 ? cursor : cursor.on(rest);
    for (const { cursor: at, code, message, hint } of issues.flatMap((issue) => findings(issue, place))) {
      // What is missing after the first round was cut out here.
      if (round === 0 || code !== "missing-key") at.error(code, message, hint);
    }
    const paths = issues.flatMap(pathsOf);
    cursor.problems.leaveOut(namesAt(rest, paths));
    rest = pruned(rest, paths, standIns);
  }
  return null;
}

/** Where an issue's culprits stand. */
function pathsOf(issue: Issue): Path[] {
  const path = issue.path as Path;
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}

/** What a map says about a key that it does not know. */
interface KnownKeys {
  readonly keys: readonly string[];
  /** By key. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Schemas do not put their keys into an issue; this smuggles them through its message. */
function knownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const schema = issue.inst as z.ZodObject | undefined;
  const hints = schema === undefined ? undefined : elsewhere.get(schema);
  return JSON.stringify({ keys: Object.keys(schema?.shape ?? {}), elsewhere: hints ?? {} } satisfies KnownKeys);
}

function hintFor(key: string, { message }: { readonly message: string }): string | null {
  const known = JSON.parse(message) as KnownKeys;
  return Object.hasOwn(known.elsewhere, key) ? known.elsewhere[key]! : suggest(key, known.keys);
}

type Issue = z.core.$ZodIssue;

/** What is to be said about an issue, and where. */
interface Finding {
  readonly cursor: Cursor;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

function findings(issue: Issue, from: Cursor): Finding[] {
  const cursor = from.at(...(issue.path as Path));
  const one = (code: string, message: string, hint: string | null = null): Finding[] => [
    { cursor, code, message, hint },
  ];
  switch (issue.code) {
    case "custom": {
      const { code, hint } = paramsOf(issue) ?? { code: "bad-value", hint: null };
      const isOmitted = code === "missing-key" && issue.input === undefined && issue.path.length > 0;
      return one(code, isOmitted ? `${last(issue)} is missing` : issue.message, hint);
    }
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        cursor: cursor.at(key).key,
        code: "unknown-key",
        message: `\`${key}\` is not a key here`,
        hint: hintFor(key, issue),
      }));
    case "invalid_union":
      return issue.errors.length === 0 ? one(...discriminated(issue)) : findingsOfUnion(issue, cursor);
    case "invalid_value":
      if (issue.input === undefined)
        return one("missing-key", `${last(issue)} is missing`, `write ${listed(issue.values)}`);
      return one(
        "bad-value",
        `${shown(issue.input)} is not possible here`,
        suggest(bare(issue.input), issue.values.map(String)) ?? `write ${listed(issue.values)}`,
      );
    case "invalid_type":
      if (issue.input === undefined) return one("missing-key", `${last(issue)} is missing`);
      return one("wrong-type", `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}, found ${shown(issue.input)}`);
    case "invalid_key":
      return [{ cursor: cursor.key, code: "bad-name", message: `${last(issue)} is not a name`, hint: NAME_HINT }];
    case "too_small":
      return one(
        "out-of-range",
        issue.origin === "array"
          ? "must not be empty"
          : `must be ${issue.inclusive === true ? "at least" : "above"} ${issue.minimum}`,
      );
    case "too_big":
      return one(
        "out-of-range",
        issue.origin === "array" ? `may have at most ${issue.maximum} entries` : `must be at most ${issue.maximum}`,
      );
    default:
      return one("bad-value", issue.message);
  }
}

type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

/** Of several forms, what is wrong with the one that the user most likely meant. */
function findingsOfUnion(issue: UnionIssue, cursor: Cursor): Finding[] {
  const forms = issue.errors.map((issues) => ({ issues, cost: costOf(issues) }));
  const best = forms.reduce((least, form) => (form.cost < least.cost ? form : least));
  if (best.cost < WRONG_SHAPE)
    return best.issues.flatMap((each) => findings(withSiblingValues(each, issue.errors), cursor));
  const hint =
    issue.errors.flat().flatMap((each) => (each.code === "custom" ? (paramsOf(each)?.hint ?? []) : []))[0] ?? null;
  if (issue.input === undefined) return [{ cursor, code: "missing-key", message: `${last(issue)} is missing`, hint }];
  return [{ cursor, code: "wrong-type", message: `${shown(issue.input)} is not possible here`, hint }];
}

/** A union that is told apart by a key, such as `kind`: the key is missing, or its value is none of the forms'. */
function discriminated(issue: UnionIssue): [code: string, message: string, hint: string] {
  const { options = [] } = issue as unknown as { options?: readonly unknown[] };
  const key = String(issue.path.at(-1));
  const { input } = issue;
  const written = input !== null && typeof input === "object" ? (input as Record<string, unknown>)[key] : input;
  if (written === undefined) return ["missing-key", `${last(issue)} is missing`, `write ${listed(options)}`];
  return [
    "bad-value",
    `${shown(written)} is not possible here`,
    suggest(bare(written), options.map(String)) ?? `write ${listed(options)}`,
  ];
}

function paramsOf(issue: Extract<Issue, { code: "custom" }>): IssueParams | undefined {
  return issue.params as unknown as IssueParams | undefined;
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
  const params = paramsOf(issue);
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

/** A scalar as it is compared with names. */
function bare(value: unknown): string {
  return typeof value === "string" ? value : shown(value);
}

function listed(values: readonly unknown[]): string {
  return values
    .map((value) => `\`${String(value)}\``)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");
}

// The reference of the language, docs/reference.md: written from the schemas that read the files, so that it
// cannot say anything else than they do.
import { jsonSchema } from "./json-schema.ts";

/** As much of a JSON Schema as the reference looks at. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly "x-what"?: string;
  readonly "x-time"?: string;
  readonly "x-later"?: boolean;
}

interface Row {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

const INTRODUCTION = `# Reference of the language

Written from the schemas that read the files; \`vitest run test/language/generated.test.ts -u\` writes it again. Editors can
use the same schemas: \`schema/topology.schema.json\` and \`schema/scenario.schema.json\`.

Times carry a unit (\`250ms\`, \`5s\`, \`3m\`). *Request* times are what requests take and wait; *control* times are what people
and control loops wait for: \`compress\` divides those. Rows marked *later* have their place in the language and are refused
today with \`not-supported-yet\`.
`;

export function referenceMarkdown(): string {
  const topology = jsonSchema("topology") as Schema;
  const scenario = jsonSchema("scenario") as Schema;
  const definitions = { ...topology.definitions, ...scenario.definitions };
  return [
    INTRODUCTION,
    section("Topology", topology),
    section("A service", definitions["service"]!),
    section("A step of an operation", definitions["step"]!),
    section("A distribution", definitions["requestTime"]!),
    section("An entry of `calls`", definitions["call"]!),
    section("Scenario", scenario),
    section("A load", definitions["load"]!),
    section("A remedy", definitions["remedy"]!),
    forms("Faults", propertyAt(scenario, ["timeline", "fault"])),
    forms("Rollouts", propertyAt(scenario, ["strategies", "rollout"])),
  ].join("\n");
}

function section(title: string, schema: Schema): string {
  return `## ${title}\n\n${table(rowsOf(schema, ""))}`;
}

/** One table for each form of a value that is told apart by its \`kind\`. */
function forms(title: string, schema: Schema): string {
  const members = (schema.oneOf ?? schema.anyOf ?? []).filter((form) => form.properties?.["kind"] !== undefined);
  const blocks = members.map((form) => {
    const kind = String(form.properties!["kind"]!.const);
    const isLater = form.additionalProperties !== false;
    if (isLater) return null;
    const rows = rowsOf(form, "").filter((row) => row.path !== "kind");
    return `### ${kind}\n\n${form.description ?? ""}\n\n${rows.length === 0 ? "No attributes.\n" : table(rows)}`;
  });
  const later = members
    .filter((form) => form.additionalProperties !== false)
    .map((form) => `\`${String(form.properties!["kind"]!.const)}\``);
  return [
    `## ${title}`,
    "",
    ...blocks.filter((block) => block !== null),
    ...(later.length === 0 ? [] : [`Later: ${later.join(", ")}.`, ""]),
  ].join("\n");
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ path, schema, isRequired }) => {
    const standard = isRequired ? "*required*" : defaultText(schema);
    return `| \`${path}\` | ${escaped(typeText(schema))} | ${escaped(standard)} | ${escaped(schema.description ?? "")} |`;
  });
  return ["| key | value | default | |", "| --- | --- | --- | --- |", ...lines, ""].join("\n");
}

/** Depth first; what has a section of its own is not entered. */
function rowsOf(schema: Schema, prefix: string): Row[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]): Row[] => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    const row = { path, schema: property, isRequired: schema.required?.includes(key) === true };
    return property["x-later"] === true || hasOwnSection(path) ? [row] : [row, ...rowsOf(property, path)];
  });
  const named =
    typeof schema.additionalProperties === "object" ? rowsOf(schema.additionalProperties, `${prefix}.<name>`) : [];
  const listed =
    Array.isArray(schema.items) || schema.items === undefined ? [] : rowsOf(schema.items as Schema, `${prefix}[]`);
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((form) => rowsOf(form, prefix));
  return merged([...own, ...named, ...listed, ...choices]);
}

/** One row for each path; the forms of a value that its `type` tells apart are listed in that one row. */
function merged(rows: readonly Row[]): Row[] {
  return [...new Set(rows.map(({ path }) => path))].map((path) => {
    const same = rows.filter((row) => row.path === path);
    const forms = same.filter(({ schema }) => schema.const !== undefined).map(({ schema }) => schema);
    if (forms.length < 2) return same[0]!;
    const about = forms.flatMap(({ description = [] }) => description);
    const standard = forms.find((form) => form.default !== undefined)?.default;
    const schema: Schema = {
      enum: [...new Set(forms.map((form) => form.const))],
      description: about.join(" "),
      ...(standard !== undefined && { default: standard }),
    };
    return { ...same[0]!, schema, isRequired: standard === undefined && same[0]!.isRequired };
  });
}

function hasOwnSection(path: string): boolean {
  return ["timeline[].fault", "strategies.<name>.rollout"].includes(path);
}

function typeText(schema: Schema): string {
  const what = schema["x-what"];
  if (schema["x-later"] === true) return "*later*";
  if (what !== undefined) return schema["x-time"] === undefined ? what : `${what} (${schema["x-time"]})`;
  if (schema.$ref !== undefined) return SECTIONS[schema.$ref.split("/").at(-1)!] ?? "see below";
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replaceAll('"', "")}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (choices.length > 0) return [...new Set(choices.map(typeText))].join(" or ");
  if (schema.type === "array" && !Array.isArray(schema.items))
    return schema.items === undefined ? "a list" : `a list: ${typeText(schema.items as Schema)}`;
  return TYPES[String(schema.type)] ?? "anything";
}

const SECTIONS: Readonly<Record<string, string>> = {
  service: "a service",
  call: "an entry of `calls`",
  load: "a load",
  step: "a step",
  steps: "a list of steps",
  requestTime: "a time or distribution (request)",
  controlTime: "a time or distribution (control)",
};

const TYPES: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "`true` or `false`",
  null: "`null`",
};

function defaultText({ default: value }: Schema): string {
  if (value === undefined || isEmpty(value)) return "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function isEmpty(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length === 0;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** A property below the top, through maps of names and lists. */
function propertyAt(schema: Schema, path: readonly string[]): Schema {
  return path.reduce((above, key) => {
    const inside =
      typeof above.additionalProperties === "object"
        ? above.additionalProperties
        : above.items === undefined
          ? above
          : (above.items as Schema);
    return inside.properties![key]!;
  }, schema);
}

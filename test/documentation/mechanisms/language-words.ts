// The words of the language that the families of mechanisms declare, read from the JSON Schema: what is refused today
// is not among them.
import { jsonSchema } from "../../../harness/language/json-schema.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly const?: string;
  readonly "x-later"?: boolean;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const topology = jsonSchema("topology") as Schema;
const scenario = jsonSchema("scenario") as Schema;
const strategy = named(scenario.properties!["strategies"]!);

/** What a word begins with, and the schemas whose keys it may name. */
const FAMILIES: Readonly<Record<string, readonly Schema[]>> = {
  service: [topology.definitions!["service"]!],
  call: [topology.definitions!["call"]!],
  load: [scenario.definitions!["load"]!],
  remedy: [scenario.definitions!["remedy"]!],
  version: [named(scenario.properties!["versions"]!)],
  respond: [strategy.properties!["respond"]!.items!],
};

const KINDS: Readonly<Record<string, Schema>> = {
  fault: scenario.properties!["timeline"]!.items!.properties!["fault"]!,
  rollout: strategy.properties!["rollout"]!,
};

/** Every word of the first level that is supported: `service.pool`, `fault.crash`. */
export function topWords(): string[] {
  const keys = Object.entries(FAMILIES).flatMap(([family, schemas]) =>
    schemas.flatMap((schema) => supportedKeys(schema).map((key) => `${family}.${key}`)),
  );
  const kinds = Object.entries(KINDS).flatMap(([family, schema]) =>
    supportedKinds(schema).map((kind) => `${family}.${kind}`),
  );
  return [...new Set([...keys, ...kinds])];
}

/** Whether the language has this word, however deep. */
export function isWord(word: string): boolean {
  const [family, ...path] = word.split(".");
  if (KINDS[family!] !== undefined) return path.length === 1 && supportedKinds(KINDS[family!]!).includes(path[0]!);
  return path.length > 0 && reaches(FAMILIES[family!] ?? [], path);
}

function reaches(schemas: readonly Schema[], [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  const next = schemas.flatMap(forms).flatMap((schema) => schema.properties?.[key] ?? []);
  return next.some((schema) => schema["x-later"] !== true) && reaches(next, rest);
}

function supportedKeys(schema: Schema): string[] {
  return forms(schema).flatMap(({ properties = {} }) =>
    Object.keys(properties).filter((key) => properties[key]!["x-later"] !== true),
  );
}

function supportedKinds(schema: Schema): string[] {
  return forms(schema).flatMap(({ properties, additionalProperties }) => {
    const kind = properties?.["kind"]?.const;
    return kind === undefined || additionalProperties !== false ? [] : [kind];
  });
}

/** A schema with all that it may be instead. */
function forms(schema: Schema): Schema[] {
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...choices.flatMap(forms)];
}

function named({ additionalProperties }: Schema): Schema {
  return additionalProperties as Schema;
}

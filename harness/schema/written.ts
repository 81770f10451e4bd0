// A scalar with a spelling of its own (`250ms`, `25%`, `300/s`): one way to declare it, to refuse it with a
// hint, and to show it in the JSON Schema. Every such type of the language is made here.
import * as z from "zod";

export interface Spelling<T> {
  /** What it is, with its article: `a time`. */
  readonly what: string;
  /** The code of the problem where it is misspelt, in core/codes.ts. */
  readonly code: string;
  /** How to write it, for people: "write a number with a unit, such as `250ms`". */
  readonly hint: string;
  /** Null where the value is not one. Only scalars are asked. */
  readonly read: (value: string | number | boolean) => T | null;
  /** A better hint for this very value, or null. */
  readonly advise?: (value: string | number | boolean) => string | null;
  /** The JSON Schema of what is written. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** The params of a custom issue, from which a located problem is made. `isShape`: a list or map stands where a scalar should. */
export interface IssueParams {
  readonly code: string;
  readonly hint: string | null;
  readonly isShape?: boolean;
}

/** A schema that reads one spelling; its output is `T`. */
export function written<T>(spelling: Spelling<T>) {
  return z
    .unknown()
    .transform((value, context): T => {
      const isScalar =
        typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      const read = isScalar ? spelling.read(value) : null;
      if (read !== null) return read;
      context.addIssue({ code: "custom", input: value, ...refusal(spelling, value) });
      return z.NEVER;
    })
    .meta({ ...spelling.json, "x-what": spelling.what });
}

function refusal<T>(
  spelling: Spelling<T>,
  value: unknown,
): { message: string; params: IssueParams } {
  if (value === undefined)
    return {
      message: `${spelling.what} is missing`,
      params: { code: "missing-key", hint: spelling.hint },
    };
  if (value === null || typeof value === "object") {
    const found = value === null ? "nothing" : Array.isArray(value) ? "a list" : "a map";
    return {
      message: `expected ${spelling.what}, found ${found}`,
      params: { code: "wrong-type", hint: spelling.hint, isShape: true },
    };
  }
  const scalar = value as string | number | boolean;
  const hint = spelling.advise?.(scalar) ?? spelling.hint;
  return {
    message: `${JSON.stringify(scalar)} is not ${spelling.what}`,
    params: { code: spelling.code, hint },
  };
}

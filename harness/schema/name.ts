// Names of services, operations, journeys, versions and everything else that users name.
import * as z from "zod";
import { written } from "./written.ts";

const PATTERN = "^[A-Za-z][A-Za-z0-9_-]{0,62}$";
const pattern = new RegExp(PATTERN);

/** What the hint of a bad name says, as a value and as a key. */
export const NAME_HINT = "a name begins with a letter and has letters, digits, `-` and `_` only (at most 63)";

/** Letters, digits, `-` and `_`, beginning with a letter: dots, arrows and `#` belong to the addresses built from names. */
export function name() {
  return written({
    what: "a name",
    code: "bad-name",
    hint: NAME_HINT,
    read: (value) => (typeof value === "string" && pattern.test(value) ? value : null),
    json: { type: "string", pattern: PATTERN },
  });
}

/** A map from names to what `schema` reads. */
export function named<T extends z.ZodType>(schema: T) {
  return z.record(z.string().regex(pattern), schema);
}

// Names of services, operations, journeys, versions and everything else that users name.
import { written } from "./written.ts";

const PATTERN = "^[A-Za-z][A-Za-z0-9_-]{0,62}$";
const pattern = new RegExp(PATTERN);

/** Letters, digits, `-` and `_`, beginning with a letter: dots, arrows and `#` belong to the addresses built from names. */
export function name() {
  return written({
    what: "a name",
    code: "bad-name",
    hint: "a name begins with a letter and has letters, digits, `-` and `_` only (at most 63)",
    read: (value) => (typeof value === "string" && pattern.test(value) ? value : null),
    json: { type: "string", pattern: PATTERN },
  });
}

// A whole number of things.
import { written } from "./written.ts";

const HINT = "write a whole number, such as `3`";

/** A whole number from `least` (0 by default) to a billion. */
export function count(least = 0) {
  return written({
    what: least > 0 ? `a whole number of at least ${least}` : "a whole number",
    code: "bad-count",
    hint: HINT,
    read: (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= least && value <= 1e9
        ? value
        : null,
    json: { type: "integer", minimum: least },
  });
}

// "Int or percent": a number of instances, or a share of them.
import type { Amount } from "../model/release-plan.ts";
import { ratioOf } from "./ratio.ts";
import { written } from "./written.ts";

/** `2` or `25%`. A bare number is a count, so that `1` never means everything. */
export function amount() {
  return written({
    what: "a count or a percentage",
    code: "bad-amount",
    hint: "write a whole number, such as `2`, or a percentage, such as `25%`",
    read: amountOf,
    json: {
      anyOf: [
        { type: "integer", minimum: 0 },
        { type: "string", pattern: "^\\d+(?:\\.\\d+)?%$" },
      ],
    },
  });
}

function amountOf(value: unknown): Amount | null {
  if (typeof value === "number")
    return Number.isInteger(value) && value >= 0 && value <= 1e9 ? { count: value } : null;
  const ratio = ratioOf(value);
  return ratio !== null && ratio >= 0 && ratio <= 1 ? { ratio } : null;
}

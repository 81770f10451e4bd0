// Shares and probabilities.
import { written } from "./written.ts";

const PATTERN = "^\\d+(?:\\.\\d+)?%$";
const pattern = new RegExp(PATTERN);

/** `0.25` or `25%`, from 0 to 1. */
export function ratio() {
  return written({
    what: "a ratio between 0 and 1",
    code: "bad-ratio",
    hint: "write `0.25` or `25%`",
    read: (value) => within(ratioOf(value), 1),
    advise: (value) =>
      typeof value === "number" && value > 1 && value <= 100 ? `did you mean \`${value}%\`?` : null,
    json: {
      anyOf: [
        { type: "number", minimum: 0, maximum: 1 },
        { type: "string", pattern: PATTERN },
      ],
    },
  });
}

/** A factor that may exceed 1: `1.2` or `120%`. */
export function factor() {
  return written({
    what: "a ratio",
    code: "bad-ratio",
    hint: "write `1.5` or `150%`",
    read: (value) => within(ratioOf(value), 1e6),
    json: {
      anyOf: [
        { type: "number", minimum: 0 },
        { type: "string", pattern: PATTERN },
      ],
    },
  });
}

/** The ratio that is written, or null. `99.9%` gives exactly 0.999. */
export function ratioOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !pattern.test(value)) return null;
  return Number(`${value.slice(0, -1)}e-2`);
}

function within(value: number | null, most: number): number | null {
  return value !== null && value >= 0 && value <= most ? value : null;
}

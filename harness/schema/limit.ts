// Limits on a metric: of gates, alerts, checks.
import { millisecondsOf } from "./duration.ts";
import { ratioOf } from "./ratio.ts";
import { written } from "./written.ts";

export interface WrittenLimit {
  /** In the metric's own unit (ratios 0..1, milliseconds); a factor where it is relative. */
  readonly value: number;
  readonly isRelativeToStable: boolean;
}

/** `99%`, `0.5`, `300ms`, or `120% of stable`: relative to the version that ran before. */
export function limit() {
  return written({
    what: "a limit",
    code: "bad-value",
    hint: "write a number, a percentage, a time, or `120% of stable`",
    read: limitOf,
    json: { anyOf: [{ type: "number" }, { type: "string" }] },
  });
}

function limitOf(value: unknown): WrittenLimit | null {
  const relative = typeof value === "string" ? /^(.*\S)\s+of\s+stable$/.exec(value) : null;
  const number = relative === null ? (ratioOf(value) ?? millisecondsOf(value)) : ratioOf(relative[1]);
  return number === null || !Number.isFinite(number) ? null : { value: number, isRelativeToStable: relative !== null };
}

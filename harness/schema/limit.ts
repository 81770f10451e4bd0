// Limits on a metric: of gates, alerts, checks.
import { millisecondsOf } from "./duration.ts";
import { ratioOf } from "./ratio.ts";
import { written } from "./written.ts";

export interface WrittenLimit {
  /** In the metric's own unit (ratios 0..1, milliseconds); a factor where it is relative. */
  readonly value: number;
  readonly isRelativeToStable: boolean;
  /** Which metrics it can be a limit of: a time says nothing about a ratio. */
  readonly spelling: "number" | "percentage" | "time";
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
  const ratio = ratioOf(relative === null ? value : relative[1]);
  const number = ratio ?? (relative === null ? millisecondsOf(value) : null);
  if (number === null || !Number.isFinite(number)) return null;
  const spelling = ratio === null ? "time" : typeof value === "number" ? "number" : "percentage";
  return { value: number, isRelativeToStable: relative !== null, spelling };
}

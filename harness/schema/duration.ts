// Times with a unit. Every duration of the language is tagged: `compress` divides exactly the control ones.
import { written } from "./written.ts";

/** Request time: work, network, timeouts, back-off. Control time: what people and control loops wait for. */
export type DurationKind = "request" | "control";

/** A duration of the control kind, as written; `at-pace.ts` alone turns it into milliseconds of a run. */
export interface ControlTime {
  readonly controlMs: number;
}

export const MS_PER_UNIT = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

export const TIME_PATTERN = "^(\\d+(?:\\.\\d+)?)(us|ms|s|m|h)$";
const pattern = new RegExp(TIME_PATTERN);

/** A time such as `250ms`: plain milliseconds for request time, a `ControlTime` for control time. */
export function duration(kind: "request"): ReturnType<typeof written<number>>;
export function duration(kind: "control"): ReturnType<typeof written<ControlTime>>;
export function duration(kind: DurationKind) {
  return kind === "request" ? timeOf("request", millisecondsOf) : timeOf("control", controlTimeOf);
}

/** Milliseconds of a written time, or null. */
export function millisecondsOf(value: unknown): number | null {
  const match = typeof value === "string" ? pattern.exec(value) : null;
  if (match === null) return null;
  const ms = Number(match[1]) * MS_PER_UNIT[match[2] as keyof typeof MS_PER_UNIT];
  return Number.isFinite(ms) ? ms : null;
}

function timeOf<T>(kind: DurationKind, read: (value: unknown) => T | null) {
  return written({
    what: "a time",
    code: "bad-time",
    hint: "write a number and a unit (us, ms, s, m or h), such as `250ms` or `5s`",
    read,
    advise: (value) =>
      typeof value === "number" && value >= 0
        ? `a time needs its unit: \`${value}ms\` or \`${value}s\``
        : null,
    json: { type: "string", pattern: TIME_PATTERN, "x-time": kind },
  });
}

function controlTimeOf(value: unknown): ControlTime | null {
  const controlMs = millisecondsOf(value);
  return controlMs === null ? null : { controlMs };
}

// The one place where control time becomes milliseconds of a run: divided by `compress`.
import type { ControlTime } from "./duration.ts";
import type { ControlDistribution } from "./distribution.ts";
import type { Distribution } from "../core/distribution.ts";

/** `T` with every control time as plain milliseconds and every control distribution as a plain one. */
export type AtPace<T> = T extends ControlTime
  ? number
  : T extends ControlDistribution
    ? Distribution
    : T extends object
      ? { [Key in keyof T]: AtPace<T[Key]> }
      : T;

/** What was written, at a pace: every control duration in it divided by `compress`; request durations stay as they are. */
export function atPace<T>(value: T, compress: number): AtPace<T> {
  return paced(value, compress) as AtPace<T>;
}

function paced(value: unknown, compress: number): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => paced(item, compress));
  if ("controlMs" in value) return (value as ControlTime).controlMs / compress;
  if (isControlDistribution(value)) return distributionAtPace(value.control, compress);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, paced(item, compress)]),
  );
}

function isControlDistribution(value: object): value is ControlDistribution {
  return "isControlTime" in value;
}

function distributionAtPace(distribution: Distribution, compress: number): Distribution {
  switch (distribution.kind) {
    case "constant":
      return { kind: "constant", ms: distribution.ms / compress };
    case "exponential":
      return { kind: "exponential", meanMs: distribution.meanMs / compress };
    case "erlang":
      return { ...distribution, meanMs: distribution.meanMs / compress };
    case "lognormal":
      return {
        kind: "lognormal",
        p50Ms: distribution.p50Ms / compress,
        p99Ms: distribution.p99Ms / compress,
      };
    case "pareto":
      return { ...distribution, meanMs: distribution.meanMs / compress };
    case "uniform":
      return {
        kind: "uniform",
        fromMs: distribution.fromMs / compress,
        toMs: distribution.toMs / compress,
      };
    case "samples":
      return { kind: "samples", samplesMs: distribution.samplesMs.map((ms) => ms / compress) };
  }
}

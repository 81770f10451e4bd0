// How long something takes, in words: a time, or the shape and the parameters of a distribution of times.
import { unreachable } from "../core/assert.ts";
import type { Distribution } from "../core/distribution.ts";
import { spanText } from "./duration-text.ts";

export function distributionText(time: Distribution): string {
  switch (time.kind) {
    case "constant":
      return spanText(time.ms);
    case "exponential":
      return `${spanText(time.meanMs)} on average (exponential)`;
    case "erlang":
      return `${spanText(time.meanMs)} on average (erlang, k ${time.k})`;
    case "pareto":
      return `${spanText(time.meanMs)} on average (pareto, alpha ${time.alpha})`;
    case "lognormal":
      return `p50 ${spanText(time.p50Ms)} and p99 ${spanText(time.p99Ms)}`;
    case "uniform":
      return `${spanText(time.fromMs)} to ${spanText(time.toMs)}`;
    case "samples": {
      const { samplesMs } = time;
      const [least, most] = samplesMs.reduce(
        ([low, high], ms) => [Math.min(low, ms), Math.max(high, ms)],
        [Infinity, -Infinity],
      );
      return `${spanText(least)} to ${spanText(most)} (${samplesMs.length} samples)`;
    }
    default:
      return unreachable(time);
  }
}

// The steps of a canary as users write them: `[ 5, { pause: 2m }, { analysis: health }, 25, … ]`.
import * as z from "zod";
import type { CanaryStep } from "../model/release-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { refuseLater } from "../schema/later.ts";
import { name } from "../schema/name.ts";
import { written } from "../schema/written.ts";
import type { RolloutNames } from "./strategy.ts";

const weight = written({
  what: "a weight between 0 and 100",
  code: "out-of-range",
  hint: "write percent as a bare number, such as `5`",
  read: (value) => (typeof value === "number" && value >= 0 && value <= 100 ? value : null),
  json: { type: "number", minimum: 0, maximum: 100 },
}).describe("Percent of traffic for the new version.");

const pause = z.strictObject({
  pause: z
    .union([
      duration("control"),
      z.strictObject({
        minRequests: count(1)
          .optional()
          .describe("Waits until the new version has answered so many; `{}` waits for good."),
      }),
    ])
    .describe("A time, a number of requests, or `{}`: for good."),
});

const analysis = z.strictObject({ analysis: name().describe("The gate to pass.") });

const scale = z
  .strictObject({ scale: z.unknown().meta({ "x-later": true, description: "Not supported yet: scale steps." }) })
  .superRefine((_step, context) => refuseLater(context, "scale steps", ["scale"]));

export const canarySteps = z.array(z.union([weight, pause, analysis, scale]));

type WrittenStep = AtPace<z.output<typeof canarySteps>>[number];

/** `index`: which step it is, for the place of an unknown name. */
export function compileStep(step: WrittenStep, index: number, names: RolloutNames): CanaryStep {
  if (typeof step === "number") return { do: "weight", weight: step };
  if ("analysis" in step) {
    return { do: "analysis", analysis: names.analysis(step.analysis, ["steps", index, "analysis"]) };
  }
  if ("scale" in step) return { do: "hold" };
  if (typeof step.pause === "number") return { do: "pause", forMs: step.pause };
  const { minRequests } = step.pause;
  return minRequests === undefined ? { do: "hold" } : { do: "pauseRequests", minRequests };
}

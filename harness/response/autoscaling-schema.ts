// An autoscaler as users write it. Names and defaults: Kubernetes' HorizontalPodAutoscaler, autoscaling/v2.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";

/** Written `autoscaling`. */
export const autoscalingSchema = z
  .strictObject({
    metric: z
      .enum(["utilization.cpu", "utilization.workers", "utilization.memory"])
      .default("utilization.cpu")
      .describe("What it follows, over the ready instances."),
    target: ratio().prefault("60%").describe("Where the metric should be: instances = ceil(ready × metric ÷ target)."),
    min: count(1).prefault(1).describe("Never fewer instances."),
    max: count(1).describe("Never more instances."),
    syncPeriod: duration("control").prefault("15s").describe("From one look at the metric to the next."),
    over: duration("control").prefault("15s").describe("The metric is taken over this long."),
    tolerance: ratio().prefault("10%").describe("Nothing is done while the metric is that near to its target."),
    scaleUp: rules("0s", "100%", 4).prefault({}).describe("How it may grow."),
    scaleDown: rules("300s", "100%", 0).prefault({}).describe("How it may shrink."),
  })
  .superRefine(({ min, max, target, syncPeriod }, context) => {
    if (min > max) refuse(context, "max", "`max` must not lie below `min`");
    if (target === 0) refuse(context, "target", "a target of nothing would take endless instances");
    if (syncPeriod.controlMs === 0) refuse(context, "syncPeriod", "an autoscaler needs a period");
  });

function rules(window: string, percent: string, instances: number) {
  return z.strictObject({
    stabilizationWindow: duration("control")
      .prefault(window)
      .describe("What was wished for in this long counts: the least on the way up, the most on the way down."),
    percent: ratio().prefault(percent).describe("In a period the number changes by this share of it, or"),
    instances: count().prefault(instances).describe("by so many instances, whichever is more."),
    period: duration("control").prefault("15s").describe("The period of both."),
  });
}

function refuse(context: z.RefinementCtx, key: string, message: string): void {
  context.addIssue({ code: "custom", path: [key], message, params: { code: "out-of-range", hint: null } });
}

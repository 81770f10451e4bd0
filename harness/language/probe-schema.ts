// How whoever keeps the instances sees how they are, as users write it. Names and defaults: Kubernetes.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { stepsSchema } from "./step-schema.ts";

const again = "So many failures in a row, and the instance is started again.";

/** Written `probes`. */
export const probesSchema = z.strictObject({
  startup: probe(again, 1).optional().describe("Until it has succeeded, the others do not run."),
  readiness: probe("So many failures in a row, and callers no longer find the instance.", Infinity)
    .optional()
    .describe("Whether callers find the instance; it runs on all the same."),
  liveness: probe(again, 1).optional().describe("Whether the instance is to be started again."),
});

function probe(failureAbout: string, successMost: number) {
  return z
    .strictObject({
      initialDelaySeconds: duration("control").prefault("0s").describe("No probe before this time after the start."),
      periodSeconds: duration("control").prefault("10s").describe("From one probe to the next."),
      timeoutSeconds: duration("request").prefault("1s").describe("An answer that takes longer is a failure."),
      failureThreshold: count(1).prefault(3).describe(failureAbout),
      successThreshold: count(1).prefault(1).describe("So many successes in a row count as one."),
      workers: z
        .enum(["shared", "own"])
        .default("shared")
        .describe("`shared`: a probe waits for a worker as requests do, so overload fails it; `own`: it has its own."),
      check: stepsSchema
        .optional()
        .describe("The steps that answering it takes, calls to dependencies included; by default none."),
    })
    .superRefine(({ successThreshold, periodSeconds }, context) => {
      if (successThreshold > successMost)
        refuse(context, "successThreshold", "one success is enough for startup and liveness probes");
      if (periodSeconds.controlMs === 0) refuse(context, "periodSeconds", "a probe needs a period");
    });
}

function refuse(context: z.RefinementCtx, key: string, message: string): void {
  context.addIssue({ code: "custom", path: [key], message, params: { code: "out-of-range", hint: null } });
}

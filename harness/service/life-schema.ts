// What an instance lives and dies by, as users write it.
import * as z from "zod";
import { orNone } from "../schema/absent.ts";
import { distribution } from "../schema/distribution.ts";
import { duration } from "../schema/duration.ts";
import { factor } from "../schema/ratio.ts";
import { size } from "../schema/size.ts";

const garbageCollection = z
  .strictObject({
    garbagePerRequest: size().describe("What serving a request allocates and leaves behind, beside what it holds."),
    pausePerGiB: distribution("request").describe(
      "How long a collection takes for each GiB in use as it begins, drawn for each: a collector visits what is alive, not what is garbage.",
    ),
  })
  .superRefine(({ garbagePerRequest }, context) => {
    if (garbagePerRequest === 0) refuse(context, ["garbagePerRequest"], "without garbage, nothing is ever collected");
  });

/** Written `memory`. */
export const memorySchema = z
  .strictObject({
    limit: size().describe("An instance that needs more is killed, as by the kernel of a container."),
    base: size().prefault("0B").describe("In use as long as the process is there."),
    perRequest: size()
      .prefault("0B")
      .describe("In use while a request is held: queued, worked on or waiting for callees."),
    garbageCollection: garbageCollection
      .optional()
      .describe(
        "Garbage is in the way until it is collected. Once it and what is in use no longer fit into the limit, the instance stands still (stop the world): requests, timers, probes and answers wait. The fuller the memory, the more often and the longer. By default, what is no longer in use is free at once.",
      ),
  })
  .superRefine(({ limit, base }, context) => {
    if (base > limit) refuse(context, ["base"], "the base is more than the limit: no instance could start");
  });

/** Written `startup.warmUp`. */
export const warmUpSchema = z
  .strictObject({
    for: duration("control").describe("From the first time that the instance is ready. Before that it is as slow."),
    slowdown: factor().describe("Its CPU work takes so many times as long until then. Waits are as long as ever."),
  })
  .superRefine(({ slowdown }, context) => {
    if (slowdown < 1) refuse(context, ["slowdown"], "a slowdown must be at least 1");
  });

const backoff = z.strictObject({
  initial: duration("control").prefault("10s").describe("Wait after the second death; the first costs nothing."),
  max: duration("control").prefault("300s").describe("No wait is longer."),
  multiplier: factor().prefault(2).describe("Each wait is so many times the one before."),
  resetAfter: duration("control")
    .prefault("10m")
    .describe("An instance that lived longer than this since its last start begins anew."),
});

/** Written `restart`. */
export const restartSchema = z
  .strictObject({
    backoff: orNone(backoff).prefault({}).describe("`none` starts at once, however often it dies."),
    jitter: z
      .enum(["none", "full", "equal"])
      .default("none")
      .describe("With v the wait: none is v, as Kubernetes; full U(0, v); equal v/2 + U(0, v/2)."),
  })
  .superRefine(({ backoff: written }, context) => {
    if (written !== null && written.multiplier < 1)
      refuse(context, ["backoff", "multiplier"], "a multiplier must be at least 1");
  });

function refuse(context: z.RefinementCtx, path: string[], message: string): void {
  context.addIssue({ code: "custom", path, message, params: { code: "out-of-range", hint: null } });
}

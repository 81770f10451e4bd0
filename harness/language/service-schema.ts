// A service as users write it: instances, operations, calls, and what a version may change in them.
import * as z from "zod";
import { cacheSchema } from "../service/cache-schema.ts";
import { loggingSchema } from "../service/logging.ts";
import { orNone, orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { distribution } from "../schema/distribution.ts";
import { duration } from "../schema/duration.ts";
import { later } from "../schema/later.ts";
import { name, named } from "../schema/name.ts";
import { ratio } from "../schema/ratio.ts";
import { sizeRate } from "../schema/size-rate.ts";
import { autoscalingSchema } from "../response/autoscaling-schema.ts";
import { admissionSchema } from "../service/admission.ts";
import { memorySchema, restartSchema, warmUpSchema } from "../service/life-schema.ts";
import { queueSchema } from "../service/queue.ts";
import { callSchema } from "./call-schema.ts";
import { probesSchema } from "./probe-schema.ts";
import { SERVICE_PRESET_NAMES } from "./presets.ts";
import { stepsSchema } from "./step-schema.ts";

const cpu = z.strictObject({
  cores: orUnlimited(count(1))
    .prefault("unlimited")
    .describe("Cores of an instance; by default as many as there are workers."),
  scheduling: z
    .enum(["shared", "fifo"])
    .default("shared")
    .describe("`shared`: processor sharing over the cores; `fifo`: one job per core, in order."),
});

const pool = z.strictObject({
  concurrency: orUnlimited(count(1)).prefault("unlimited").describe("Workers of an instance."),
  queue: queueSchema.prefault({}).describe("Where requests wait for a worker."),
  model: z
    .enum(["threads", "async"])
    .default("threads")
    .describe("`threads` holds the worker during downstream calls; `async` gives it back while waiting."),
  rejectionCost: distribution("request")
    .prefault("0s")
    .describe("CPU work that turning a request away costs, for want of room or because it waited too long."),
});

const errorShare = z
  .strictObject({
    share: ratio()
      .prefault(1)
      .describe("Share of this version's requests that end badly, after having done their work."),
    status: count(400).optional().describe("Answers with this status; 500 by default."),
    as: z.enum(["wrong"]).optional().describe("`wrong`: a well-formed but false answer instead of an error."),
    operation: name().optional().describe("Only this operation; all by default."),
  })
  .superRefine(({ status, as }, context) => {
    if (status !== undefined && as !== undefined)
      refuse(context, "as", "`status` and `as` exclude each other: a wrong answer looks like a success");
    if (status !== undefined && status > 599) refuse(context, "status", "an error status lies between 400 and 599");
  });

const startup = z.strictObject({
  time: distribution("control").prefault("0s").describe("From start (or crash) to ready."),
  calls: stepsSchema
    .optional()
    .describe("Steps that follow that time, such as calls to dependencies; where they fail, the instance crashes."),
  warmUp: warmUpSchema
    .optional()
    .describe("Instances are slow when they begin to serve; those of the beginning are warm."),
});

/** Every field is optional: what is missing comes from `defaults.service`, then from here. */
export const serviceSchema = z
  .strictObject({
    about: z.string().optional().describe("For readers."),
    team: name().optional().describe("Who owns it, of `teams`."),
    replicas: z
      .union([count(1), named(count())])
      .prefault(1)
      .describe("Instances: a number spread evenly over the zones, or a number for each zone."),
    operations: named(stepsSchema).optional().describe("What a request makes it do, step by step."),
    work: distribution("request").optional().describe("Short for a service with one operation that is CPU work alone."),
    calls: z
      .record(z.string(), callSchema)
      .prefault({})
      .describe("How it defends itself, per callee or per callee.operation."),
    pool: pool.prefault({}).describe("Its workers and their queue."),
    cpu: cpu.prefault({}).describe("What the work runs on."),
    onDeadline: z
      .enum(["ignore", "drop", "cancel"])
      .default("ignore")
      .describe(
        "What becomes of a request whose caller gave up: `ignore` serves it all the same, `drop` skips it when its turn in the queue comes but finishes it once begun, `cancel` stops it and its calls.",
      ),
    startup: startup.prefault({}).describe("How an instance starts."),
    terminationGrace: duration("control")
      .prefault("30s")
      .describe("A stopping instance finishes what it holds for at most this long."),
    errors: z
      .union([errorShare, z.array(errorShare).max(100)])
      .optional()
      .describe("Requests that end badly; usually part of a version's `changes`."),
    memory: memorySchema.optional().describe("What its instances may use; without it, no limit."),
    restart: restartSchema
      .prefault({})
      .describe(
        "How an instance that died is started again. By default as Kubernetes does it where it can die by itself (`memory`, `crashAfter`, `crashOn`, `crashOnStart`), and at once where only faults kill it.",
      ),
    cache: orNone(cacheSchema)
      .prefault("none")
      .describe("What each instance remembers of its answers; nothing by default."),
    maxConnections: orUnlimited(count(1))
      .prefault("unlimited")
      .describe(
        "Connections that an instance takes: one for each request that is in it, from arrival to answer, also one that a fault holds back or whose caller gave up while it is served. More are `refused`, which costs it nothing. PostgreSQL: 100.",
      ),
    logging: orNone(loggingSchema)
      .prefault("none")
      .describe("What failed calls cost beside the requests, on the same cores; nothing by default."),
    admission: orNone(admissionSchema)
      .prefault("none")
      .describe("What an instance refuses before it would wait for a worker."),
    probes: probesSchema.prefault({}).describe("How whoever keeps the instances sees how they are."),
    autoscaling: autoscalingSchema
      .optional()
      .describe("Has instances started and stopped as a metric changes; `replicas` is what it begins with."),
    preset: z
      .enum(SERVICE_PRESET_NAMES)
      .optional()
      .describe("A platform whose defaults hold where nothing else is written: see [presets](presets.md)."),
    reads: later("data formats", z.array(z.string())),
    writes: later("data formats", z.string()),
    armed: later("dormant changes", z.record(z.string(), z.unknown())),
    crashAfter: distribution("control")
      .optional()
      .describe("An instance dies so long after its start; usually part of a version's `changes`."),
    crashOn: name().optional().describe("A request for this operation kills the instance that begins it."),
    crashOnStart: z.boolean().optional().describe("An instance dies at the end of its start-up, every time."),
    failReadiness: z
      .boolean()
      .optional()
      .describe("An instance never says that it is ready; usually part of a version's `changes`."),
    leak: sizeRate().optional().describe("Memory that is lost as long as the process is there: `2MiB/s`."),
  })
  .meta({ id: "service" });

export type WrittenService = z.output<typeof serviceSchema>;

function refuse(context: z.RefinementCtx, key: string, message: string): void {
  context.addIssue({ code: "custom", path: [key], message, params: { code: "out-of-range", hint: null } });
}

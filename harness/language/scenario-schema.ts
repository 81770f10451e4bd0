// The scenario file: what happens to the fleet, and what must hold.
import * as z from "zod";
import { CRITICALITIES } from "../model/criticality.ts";
import { OUTCOMES } from "../model/plan.ts";
import { orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { elsewhere } from "../schema/elsewhere.ts";
import { later, refuseLater } from "../schema/later.ts";
import { name, named } from "../schema/name.ts";
import { ratio } from "../schema/ratio.ts";
import { serviceAddress } from "../schema/service-address.ts";
import { faultSchema, INSIDE_FAULT } from "./fault-schema.ts";
import { loadSchema } from "./load-schema.ts";
import {
  alertSchema,
  analysisSchema,
  limitShape,
  refuseLimits,
  rollbackSchema,
  ruleSchema,
} from "./response-schema.ts";
import { remedySchema } from "./remedy-schema.ts";
import { rolloutSchema } from "./rollout-schema.ts";
import { patchSchema, variablesSchema } from "./topology-schema.ts";
import { versionSchema } from "./version-schema.ts";

const journey = z.strictObject({
  priority: z
    .enum(CRITICALITIES)
    .optional()
    .describe("How much its requests matter where their load does not say; without, they are `critical`."),
  start: serviceAddress().describe("Its first call: service.operation, or a service with one operation."),
  objective: z
    .strictObject({
      good: ratio().optional().describe("Share of requests that shall be good."),
      within: duration("request").optional().describe("A slower success is bad."),
    })
    .prefault({})
    .describe("What users were promised."),
});

const condition = z
  .strictObject({
    metric: z.string().min(1).describe("A metric's address."),
    over: duration("control").describe("How far back it looks."),
    ...limitShape,
  })
  .superRefine(refuseLimits)
  .describe(
    "From `at` on, the fault begins when monitoring sees the metric within the limit: for `for`, or else as long as it does.",
  );

const FOR_FAULTS = "put it on an event with a `fault`; a release travels by the `rollout` of its strategy";

const event = z
  .strictObject({
    at: duration("control").describe("From the end of the warm-up."),
    release: name().optional().describe("A version; it travels by the rollout of the strategy under test."),
    fault: faultSchema.optional().describe("A fault."),
    for: duration("control").optional().describe("How long the fault lasts; to the end without."),
    background: z.boolean().default(false).describe("Not what is tested: it also happens in the control run."),
    push: name()
      .optional()
      .describe("A version of the kind `config` or `data`; it travels by the same rollout, and apart from code."),
    arm: later("armings", z.string()),
    rampOver: duration("control")
      .optional()
      .describe("The fault grows to its full strength over this time: its delays, or else whom it hits."),
    repeatEvery: duration("control").optional().describe("The fault begins again this long after each beginning."),
    when: condition.optional(),
  })
  .superRefine((entry, context) => {
    const refuse = (message: string, path: string[], code: string, hint: string | null = null) =>
      context.addIssue({ code: "custom", path, message, params: { code, hint } });
    const kinds = (["release", "push", "fault"] as const).filter((kind) => entry[kind] !== undefined);
    if (kinds.length === 0 && entry.arm === undefined)
      refuse("an event needs `release`, `push` or `fault`", [], "missing-key");
    if (kinds.length > 1) refuse(`\`${kinds[0]!}\` and \`${kinds[1]!}\` exclude each other`, [kinds[1]!], "bad-value");
    if (kinds[0] !== "fault" && entry.for !== undefined)
      refuse(`a ${kinds[0] ?? "release"} has no \`for\`: it stays until something moves it`, ["for"], "bad-value");
    for (const key of ["rampOver", "repeatEvery", "when"] as const)
      if (kinds[0] !== "fault" && entry[key] !== undefined)
        refuse(`a ${kinds[0] ?? "release"} has no \`${key}\`: that is for faults`, [key], "bad-value", FOR_FAULTS);
    if (kinds[0] !== "fault" && entry.background) refuseLater(context, "background releases", ["background"]);
  })
  .register(elsewhere, INSIDE_FAULT);

const strategy = z.strictObject({
  about: z.string().optional().describe("For readers."),
  extends: name().optional().describe("Another strategy that this one changes."),
  rollout: rolloutSchema.optional().describe("How releases reach the fleet."),
  respond: z
    .array(ruleSchema)
    .max(100)
    .optional()
    .describe("Rules: who notices and what they do. A failed gate only holds the rollout; a rule moves it."),
  rollback: rollbackSchema.optional().describe("Short for one rule whose action is `rollback`."),
  changes: patchSchema
    .optional()
    .describe("What is different in the scenario or the topology, as a piece of the file."),
  expect: z
    .enum(OUTCOMES)
    .optional()
    .describe("The outcome that passes; `contained` by default, `measured` without a trigger."),
});

const containment = z.strictObject({
  within: z
    .array(name())
    .optional()
    .describe("Services that may be impacted; by default those that the trigger changes or hits."),
  users: ratio().prefault("5%").describe("Share of users that may be affected."),
  zones: orUnlimited(count()).prefault("unlimited").describe("Number of zones that may be impacted."),
  recoverWithin: duration("control")
    .prefault("5m")
    .describe("From the trigger's end until every journey is as promised."),
});

const check = z
  .strictObject({
    claim: z.string().optional().describe("The fact that it tests."),
    strategy: name().optional().describe("The strategy it is about; every one without."),
    metric: z.string().min(1).describe("A metric's address."),
    window: z
      .tuple([duration("control"), duration("control")])
      .optional()
      .describe("From and to; from the end of the warm-up to the end without."),
    ...limitShape,
  })
  .superRefine(refuseLimits);

const chapter = z.strictObject({
  at: duration("control").describe("From the end of the warm-up."),
  title: z.string().describe("A line."),
  notes: z.string().optional().describe("What to say about it."),
});

const fact = z.strictObject({
  says: z.string().describe("What was published."),
  source: z.string().describe("Where."),
  tag: z.string().describe("How sure it is, such as `P` for published."),
});

const live = z.strictObject({
  scale: ratio().optional().describe("The live engine's own scale."),
  compress: z.number().min(1).max(1000).optional().describe("Every control duration is divided by this."),
});

export const scenarioSchema = z
  .strictObject({
    scenario: z.string().min(1).max(100).describe("Its name."),
    about: z.string().optional().describe("For readers."),
    topology: z.string().min(1).describe("The topology file, relative to this one."),
    vars: variablesSchema.optional().describe("Variables, used as `$(name)`; `--var name=value` wins."),
    accepts: z
      .array(z.string())
      .max(100)
      .prefault([])
      .describe(
        "Codes of the warnings that this scenario is about, such as `retry-product`: they stay warnings with `--strict`.",
      ),
    seed: count().prefault(1).describe("What chance is drawn from."),
    seedsToPass: ratio().prefault("100%").describe("Of several seeds, the share in which a strategy must pass."),
    scale: ratio().prefault("100%").describe("Of replicas and of load together, on either engine."),
    warmUp: duration("control").prefault("0s").describe("Before the clock of the scenario starts."),
    duration: duration("control").describe("After the warm-up; every `at` counts from its end."),
    monitoring: z
      .strictObject({
        delay: duration("control").prefault("1s").describe("What happened is seen this long after its second ended."),
        interval: later("other intervals", duration("control")),
      })
      .prefault({})
      .describe("What the control plane sees."),
    discovery: z
      .strictObject({
        delay: duration("control")
          .prefault("1s")
          .describe("A change of endpoints or weights reaches callers after this."),
      })
      .prefault({})
      .describe("How callers learn of instances."),
    journeys: named(journey).describe("What users do, and what they were promised."),
    load: named(loadSchema).describe("Who sets out, how often."),
    versions: named(versionSchema).prefault({}).describe("What can be shipped."),
    timeline: z.array(event).max(10_000).prefault([]).describe("What happens."),
    analysis: named(analysisSchema).prefault({}).describe("Gates of rollouts."),
    alerts: named(alertSchema).prefault({}).describe("What pages people or triggers rules."),
    remedies: named(remedySchema).prefault({}).describe("Runbook actions: what rules may do beside rolling back."),
    strategies: named(strategy)
      .prefault({})
      .describe("Each is one variant: same users, same arrivals, same background."),
    containment: containment.prefault({}).describe("The boundary of the failure."),
    chapters: z.array(chapter).max(1000).prefault([]).describe("Marks for telling the story."),
    facts: named(fact).prefault({}).describe("What was published, apart from what is modelled."),
    checks: z.array(check).max(1000).prefault([]).describe("Each published outcome as a test."),
    engines: z
      .strictObject({ live: live.prefault({}).describe("Of the live engine.") })
      .prefault({})
      .describe("What an engine has of its own."),
  })
  .meta({ title: "Firebreak scenario" });

export type WrittenScenario = z.output<typeof scenarioSchema>;

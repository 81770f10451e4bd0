// How a version reaches the fleet: the strategies' own attributes, by kind.
import * as z from "zod";
import { rollouts } from "../rollout/catalogue.ts";
import type { Strategy } from "../rollout/strategy.ts";
import { later, refuseLater } from "../schema/later.ts";

/** A rollout as parsed: its kind and the attributes that its own file declares. */
export interface WrittenRollout {
  readonly kind: string;
  readonly [attribute: string]: unknown;
}

const LATER_KINDS = ["blueGreen", "featureFlag", "shadow"].filter((kind) => !Object.hasOwn(rollouts, kind));

const requires = later("requirements of rollouts", z.looseObject({ metric: z.string() }));

const forms = [
  ...Object.entries(rollouts).map(([kind, strategy]) => formOf(kind, strategy)),
  ...LATER_KINDS.map(laterForm),
];

const one = z.discriminatedUnion("kind", forms as unknown as [z.ZodObject]);

export const rolloutSchema = z
  .unknown()
  .superRefine((value, context) => {
    const isOfSeveral = typeof value === "object" && value !== null && !Array.isArray(value) && !("kind" in value);
    if (isOfSeveral && Object.values(value).some((each) => typeof each === "object"))
      refuseLater(context, "rollouts of several artefacts");
    if (isOfSeveral && "preset" in value) refuseLater(context, "presets of rollouts", ["preset"]);
  })
  .pipe(one)
  .meta(shapeOf(one)) as unknown as z.ZodType<WrittenRollout>;

/** What editors and the reference are told: the check in front of the forms would hide them. */
function shapeOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return shape;
}

function formOf(kind: string, strategy: Strategy) {
  return z.strictObject({ kind: z.literal(kind), ...strategy.attributes, requires }).describe(strategy.about);
}

function laterForm(kind: string) {
  return z
    .looseObject({ kind: z.literal(kind) })
    .superRefine((_, context) => refuseLater(context, `rollouts of kind \`${kind}\``, ["kind"]));
}

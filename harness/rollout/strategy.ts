// One row of the strategies' table: what a user may write, what it compiles to, and the machine that does it.
import type * as z from "zod";
import type { RolloutPlan } from "../model/release-plan.ts";
import type { AtPace } from "../schema/at-pace.ts";
import type { Release, RolloutMachine } from "./rollout-machine.ts";

/** Resolves names; a name that is not known is reported at `path` below the rollout's own node, and -1 returned. */
export interface RolloutNames {
  /** All zones, in order. */
  readonly zones: readonly string[];
  zone(name: string, path: readonly (string | number)[]): number;
  analysis(name: string, path: readonly (string | number)[]): number;
}

export interface Strategy {
  /** One line for people. */
  readonly about: string;
  /** Its own attributes, beside `kind`. */
  readonly attributes: z.ZodRawShape;
  /** `attributes` as the schema gave them and `atPace` made them. */
  compile(attributes: Readonly<Record<string, unknown>>, names: RolloutNames): RolloutPlan;
  machine(plan: RolloutPlan, release: Release): RolloutMachine;
}

interface Definition<Kind extends RolloutPlan["kind"], Shape extends z.ZodRawShape> {
  readonly kind: Kind;
  readonly about: string;
  readonly attributes: Shape;
  readonly compile: (
    attributes: AtPace<z.output<z.ZodObject<Shape>>>,
    names: RolloutNames,
  ) => Extract<RolloutPlan, { kind: Kind }>;
  readonly machine: (plan: Extract<RolloutPlan, { kind: Kind }>, release: Release) => RolloutMachine;
}

/** Declares a strategy; `compile` and `machine` are given the types of its own schema and plan. */
export function strategy<Kind extends RolloutPlan["kind"], Shape extends z.ZodRawShape>(
  definition: Definition<Kind, Shape>,
): Strategy {
  // The table is read by kind, so the exact types end here: the compiler has checked them by then.
  return definition as unknown as Strategy;
}

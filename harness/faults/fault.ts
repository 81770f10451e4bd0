// What a fault is: its attributes, where it may act, and the disturbances it answers with.
import type * as z from "zod";
import type { AtPace } from "../schema/at-pace.ts";
import type { Disturbance } from "./disturbance.ts";

/** What `on:` may name: `service`, `service.operation`, `service#instance`, or `caller -> callee`; `zone`: it may be left out; `load`: a load. */
export type FaultTarget = "service" | "operation" | "instance" | "edge" | "zone" | "load";

/** Whether a fault disturbs requests (then `share:` narrows it), whole instances (then `instances:` does), or a load. */
export type FaultLevel = Disturbance["on"];

/** One row of the catalogue. */
export interface Fault {
  /** One line for people: the documentation and `firebreak schema` print it. */
  readonly about: string;
  readonly level: FaultLevel;
  /** What `on:` may name. */
  readonly targets: readonly FaultTarget[];
  /** Of a fault on requests: whether `direction:` can move it to the other way; true by default. */
  readonly hasDirection?: boolean;
  /** What a service must have for it to have any effect. */
  readonly needs?: "memory" | "cache";
  /** Its own attributes, beside `kind`, `on` and the rest of the scope. */
  readonly attributes: z.ZodRawShape;
  /** What it does while it lasts. Pure: the same attributes give the same disturbances. `attributes` are the Plan's. */
  disturb(attributes: Readonly<Record<string, unknown>>): readonly Disturbance[];
}

interface Definition<Level extends FaultLevel, Shape extends z.ZodRawShape> {
  readonly about: string;
  readonly level: Level;
  readonly targets: readonly FaultTarget[];
  readonly hasDirection?: boolean;
  readonly needs?: "memory" | "cache";
  readonly attributes: Shape;
  /** Words of its own level only; what is inferred from them must not widen the level. Durations of the control kind arrive as plain milliseconds. */
  readonly disturb: (
    attributes: AtPace<z.output<z.ZodObject<Shape>>>,
  ) => readonly Extract<Disturbance, { on: NoInfer<Level> }>[];
}

/** Declares a fault; the attributes that `disturb` is given have the types that its schema says. */
export function fault<Level extends FaultLevel, Shape extends z.ZodRawShape>(
  definition: Definition<Level, Shape>,
): Fault {
  // The catalogue is read by kind, so the exact attribute types end here: the compiler has checked them by then.
  return definition as unknown as Fault;
}

// The two words for "no limit" and "not at all", where they make sense. Both compile to null.
import * as z from "zod";

/** `unlimited`, or what `schema` reads. */
export function orUnlimited<T extends z.ZodType>(schema: T) {
  return z.union([z.literal("unlimited").transform(() => null), schema]);
}

/** `none`, or what `schema` reads. */
export function orNone<T extends z.ZodType>(schema: T) {
  return z.union([z.literal("none").transform(() => null), schema]);
}

// What the language has and the engines do not have yet: its shape is checked, and then it is refused by name.
import * as z from "zod";
import type { IssueParams } from "./written.ts";

/** An optional field that is refused today. `what` reads as a plural subject: "caches". */
export function later<T extends z.ZodType>(what: string, schema: T) {
  return schema
    .optional()
    .superRefine((value, context) => {
      if (value !== undefined) refuseLater(context, what);
    })
    .meta({ "x-later": true });
}

/** Refuses the value at `path` below the one being checked. */
export function refuseLater(
  context: z.RefinementCtx,
  what: string,
  path: (string | number)[] = [],
): void {
  const params: IssueParams = {
    code: "not-supported-yet",
    hint: "take it out, or wait for the version that has it",
  };
  context.addIssue({ code: "custom", path, message: `${what} are not supported yet`, params });
}

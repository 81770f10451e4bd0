// What the language has and the engines do not have yet: it stands in the schema with its whole shape, for
// editors and documentation, and is refused by name wherever it is used.
import * as z from "zod";
import type { IssueParams } from "./written.ts";

/** An optional field that is refused today. `what` reads as a plural subject: "caches"; `shape` is what it will take. */
export function later(what: string, shape: z.ZodType = z.unknown()) {
  const { $schema: _, ...json } = z.toJSONSchema(shape, { target: "draft-7", io: "input" });
  return z
    .unknown()
    .superRefine((value, context) => {
      if (value !== undefined) refuseLater(context, what);
    })
    .optional()
    .meta({ ...json, "x-later": true, description: `Not supported yet: ${what}.` });
}

/** Refuses the value at `path` below the one being checked. */
export function refuseLater(context: z.RefinementCtx, what: string, path: (string | number)[] = []): void {
  const params: IssueParams = { code: "not-supported-yet", hint: "take it out for now; a later version of firebreak has it" };
  context.addIssue({ code: "custom", path, message: `${what} are not supported yet`, params });
}

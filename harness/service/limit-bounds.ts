// The bounds between which a concurrency limit moves.
import type * as z from "zod";
import type { IssueParams } from "../schema/written.ts";

interface Bounds {
  readonly initialLimit?: number;
  readonly minLimit?: number;
  readonly maxLimit: number;
}

/** Adds an issue where the least is above the most, or the start outside of both. */
export function checkLimits({ initialLimit, minLimit, maxLimit }: Bounds, context: z.RefinementCtx): void {
  const params: IssueParams = { code: "out-of-range", hint: "`minLimit` ≤ `initialLimit` ≤ `maxLimit`" };
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: [key], message, params });
  const least = minLimit ?? 1;
  if (least > maxLimit) refuse("maxLimit", "the highest limit is below the lowest");
  else if (initialLimit !== undefined && (initialLimit < least || initialLimit > maxLimit))
    refuse("initialLimit", "the limit at the start is outside of its bounds");
}

// How hedged calls are written: further attempts before the first has failed.
// Sources: gRPC proposal A6 (maxAttempts, hedgingDelay, nonFatalStatusCodes: the next attempt leaves at once when one
// failed, all others are cancelled when one succeeded or failed for good), Polly v8 `HedgingStrategyOptions` (every failure
// leaves the others alone), Finagle `BackupRequestFilter` (a percentile for a delay, and a budget of extra load).
import * as z from "zod";
import { orNone } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { written } from "../schema/written.ts";
import { retryBudgetSchema } from "./retry-budget.ts";

const PERCENTILE = "^p(\\d{1,2}(?:\\.\\d+)?)$";

const percentile = written({
  what: "a percentile",
  code: "bad-value",
  hint: "write `p95`, or a time",
  read: (value) => {
    const match = typeof value === "string" ? new RegExp(PERCENTILE).exec(value) : null;
    return match === null || Number(match[1]) === 0 ? null : { quantile: Number(match[1]) / 100 };
  },
  json: { type: "string", pattern: PERCENTILE },
});

/** Written `hedge`; the output becomes a HedgePlan at a pace. */
export const hedgeSchema = z
  .strictObject({
    maxAttempts: count(2).prefault(2).describe("Attempts at a time, the first included."),
    delay: z
      .union([percentile, duration("request").transform((delayMs) => ({ delayMs }))])
      .prefault("p95")
      .describe(
        "How long to wait for an answer before the next attempt leaves: a time, or a percentile (`p95`) of how long the last thousand answers took. `0ms` sends all at once.",
      ),
    nonFatal: z
      .array(z.enum(["error", "timeout", "overload", "connection", "circuitOpen", "bulkheadFull"]))
      .default(["error", "timeout", "overload", "connection"])
      .describe(
        "Failures that leave the others alone and send the next attempt at once; any other ends the call, and cancels them. The words of `retryOn`.",
      ),
    budget: orNone(retryBudgetSchema).prefault("none").describe("Caps further attempts, as one of retries does."),
  })
  .describe(
    "Sends another attempt while the first is still out; the first answer counts. A retry begins all of it anew.",
  );

// Sessions of clients: what begins one, what ends it, and how it is won back.
import * as z from "zod";
import { duration } from "../schema/duration.ts";
import { factor, ratio } from "../schema/ratio.ts";
import { serviceAddress } from "../schema/service-address.ts";
import type { IssueParams } from "../schema/written.ts";

/** As the back-off of retries, but in control time: a disconnected crowd comes back over minutes. */
const backoff = z.strictObject({
  initial: duration("control").prefault("1s").describe("Delay before the first try to connect again."),
  max: duration("control").prefault("60s").describe("No delay is longer."),
  multiplier: factor()
    .prefault(2)
    .superRefine((value, context) => {
      const params: IssueParams = { code: "out-of-range", hint: "1 keeps the delay constant" };
      if (value < 1) context.addIssue({ code: "custom", message: "a multiplier must be at least 1", params });
    })
    .describe("Each delay is so many times the one before."),
  jitter: z
    .enum(["none", "full", "equal", "decorrelated", "decorrelatedV2", "proportional"])
    .default("full")
    .describe("As of retries."),
  proportion: ratio().prefault(0.2).describe("The p of proportional jitter."),
});

export const sessionSchema = z
  .strictObject({
    start: serviceAddress().describe(
      "What begins a session, such as `accesspoint.login`. It counts as the journey that starts there; where there is " +
        "none, one named after the load is added, such as `listeners-session`.",
    ),
    reconnect: z
      .strictObject({ backoff: backoff.prefault({}).describe("Grows from one failed try to the next.") })
      .prefault({})
      .describe("How a client without a session wins one back."),
    endsOn: z
      .array(z.enum(["error", "timeout", "overload", "connection"]))
      .default(["connection"])
      .describe("The failures of a request that end its client's session, in the words of `retryOn`."),
  })
  .describe(
    "Clients hold a session, without which they can do nothing else; all have one when the run begins. One whose " +
      "session ends tries to begin another, with back-off.",
  );

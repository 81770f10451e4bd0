// Loads: who sets out on journeys, how often, and how those clients defend themselves.
import * as z from "zod";
import { CRITICALITIES } from "../model/criticality.ts";
import { count } from "../schema/count.ts";
import { distribution } from "../schema/distribution.ts";
import { duration } from "../schema/duration.ts";
import { headers } from "../schema/headers.ts";
import { name, named } from "../schema/name.ts";
import { rate } from "../schema/rate.ts";
import { callSchema } from "./call-schema.ts";
import { sessionSchema } from "./session-schema.ts";

const stage = z.strictObject({
  at: duration("control").describe("From the end of the warm-up."),
  rate: rate().describe("The rate from then on."),
  over: duration("control").prefault("0s").describe("The rate changes linearly over this time."),
});

export const loadSchema = z
  .strictObject({
    journey: name().optional().describe("What every arrival does; or `mix`."),
    mix: named(z.number().positive()).optional().describe("Journeys with their weights: `{ play: 3, browse: 1 }`."),
    rate: rate().optional().describe("Arrivals, whether or not earlier ones were answered."),
    arrivals: z.enum(["poisson", "constant"]).default("poisson").describe("Random and independent, or evenly spaced."),
    stages: z.array(stage).max(1000).prefault([]).describe("Later rates."),
    zone: name().optional().describe("Where the users are; without, there is no network delay to the first service."),
    users: count(1)
      .optional()
      .describe("Size of the population that arrivals are drawn from; without, each is a user of its own."),
    calls: z
      .record(z.string(), callSchema)
      .prefault({})
      .describe("How these clients defend themselves, as under a service."),
    headers: headers()
      .optional()
      .describe(
        "Headers of its requests, and of all calls that they cause: `{ x-tenant: acme }`. Faults may ask for them.",
      ),
    payload: z.enum(["none", "user", "track", "cart"]).default("none").describe("What live requests carry."),
    clients: count(1)
      .optional()
      .describe(
        "A closed population instead of a `rate`: each of so many clients asks, waits for the answer, thinks, and asks again. " +
          "Scaled, and divided by `compress` as their think times are, so that rates stay.",
      ),
    thinkTime: distribution("control").optional().describe("Of clients: from an answer to the next request."),
    session: sessionSchema.optional(),
    patience: distribution("request")
      .optional()
      .describe(
        "How long a person waits for an answer, retries included, before giving up with `timeout`; for ever without.",
      ),
    priority: z
      .enum(CRITICALITIES)
      .optional()
      .describe(
        "How much its requests matter, and all calls that they cause; an overloaded service with `admission: { type: utilization }` refuses the less critical first. Without, as the journey says.",
      ),
  })
  .superRefine((load, context) => {
    const missing = (message: string) =>
      context.addIssue({ code: "custom", message, params: { code: "missing-key", hint: null } });
    refuseMixture(load, context);
    if (load.clients !== undefined && load.thinkTime === undefined) missing("`thinkTime` is missing beside `clients`");
    if (load.rate === undefined && load.clients === undefined) missing("`rate` is missing, or `clients`");
    if ((load.journey === undefined) === (load.mix === undefined))
      missing(load.mix === undefined ? "`journey` or `mix` is missing" : "`journey` and `mix` exclude each other");
  })
  .meta({ id: "load" });

export type WrittenLoad = z.output<typeof loadSchema>;

/** An open load has a rate, a closed population does not; what belongs to the one is refused beside the other. */
function refuseMixture(load: object, context: z.RefinementCtx): void {
  const given = load as Readonly<Record<string, unknown>>;
  const isClosed = given["clients"] !== undefined;
  for (const key of isClosed ? ["rate", "users"] : ["thinkTime", "session"]) {
    if (given[key] === undefined) continue;
    context.addIssue({
      code: "custom",
      path: [key],
      message: isClosed ? `\`${key}\` and \`clients\` exclude each other` : `\`${key}\` is only for \`clients\``,
      params: { code: "bad-value", hint: isClosed ? "clients ask as fast as they are answered" : null },
    });
  }
  if (isClosed && (given["stages"] as unknown[]).length > 0)
    context.addIssue({
      code: "custom",
      path: ["stages"],
      message: "`stages` and `clients` exclude each other",
      params: { code: "bad-value", hint: "clients ask as fast as they are answered" },
    });
}

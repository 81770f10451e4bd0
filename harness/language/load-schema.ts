// Loads: who sets out on journeys, how often, and how those clients defend themselves.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { distribution } from "../schema/distribution.ts";
import { duration } from "../schema/duration.ts";
import { later } from "../schema/later.ts";
import { name, named } from "../schema/name.ts";
import { rate } from "../schema/rate.ts";
import { callSchema } from "./call-schema.ts";

const stage = z.strictObject({
  at: duration("control").describe("From the end of the warm-up."),
  rate: rate().describe("The rate from then on."),
  over: duration("control").prefault("0s").describe("The rate changes linearly over this time."),
});

const session = z.looseObject({ start: z.string(), reconnect: z.looseObject({}) }).partial();

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
    payload: z.enum(["none", "user", "track", "cart"]).default("none").describe("What live requests carry."),
    clients: later("closed populations", count(1)),
    thinkTime: later("closed populations", distribution("control")),
    session: later("sessions of clients", session),
    priority: later("priorities of requests", z.string()),
  })
  .superRefine((load, context) => {
    const missing = (message: string) =>
      context.addIssue({ code: "custom", message, params: { code: "missing-key", hint: null } });
    if (load.clients !== undefined) return;
    if (load.rate === undefined) missing("`rate` is missing");
    if ((load.journey === undefined) === (load.mix === undefined))
      missing(load.mix === undefined ? "`journey` or `mix` is missing" : "`journey` and `mix` exclude each other");
  })
  .meta({ id: "load" });

export type WrittenLoad = z.output<typeof loadSchema>;

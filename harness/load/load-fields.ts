// What may be written under a load, but for its `calls`, which are those of any caller.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { later } from "../schema/later.ts";
import { name } from "../schema/name.ts";
import { rate } from "../schema/rate.ts";

export const stageSchema = z
  .strictObject({
    at: duration("control").describe("When it begins, from the end of the warm-up."),
    rate: rate().describe("The rate it leads to."),
    over: duration("control")
      .prefault("0s")
      .describe("How long the rate moves there in a straight line; 0s is a step."),
  })
  .describe("A change of the arrival rate.");

/** Fields of a load for a strict object of the language. */
export const loadFields = {
  journey: name().optional().describe("The journey of every arrival."),
  mix: z
    .record(z.string(), z.number().positive())
    .optional()
    .describe("Instead of `journey`: journeys with their relative weights, such as `{ play: 3, search: 1 }`."),
  rate: rate().describe("Arrivals per second, minute or hour. They do not wait for answers."),
  arrivals: z
    .enum(["poisson", "constant"])
    .default("poisson")
    .describe("poisson: independent users; constant: evenly spaced."),
  zone: name().optional().describe("Where its users are; outside all zones by default, without network delay."),
  users: count(1).optional().describe("Size of the population; by default each arrival is a user of its own."),
  stages: z.array(stageSchema).max(1000).default([]).describe("Changes of the rate, in order of time."),
  payload: z
    .enum(["none", "user", "track", "cart"])
    .default("none")
    .describe("What the requests of the live engine carry."),
  clients: later("closed populations of clients", z.unknown()),
  thinkTime: later("closed populations of clients", z.unknown()),
  session: later("sessions of clients", z.unknown()),
};

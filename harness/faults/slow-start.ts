// Starting takes longer than it did: a cold image registry, a large snapshot, everybody at once.
import * as z from "zod";
import { fault } from "./fault.ts";

export const slowStart = fault({
  about: "Instances that start while it lasts take so many times as long.",
  level: "instance",
  targets: ["service", "zone"],
  attributes: { times: z.number().gt(1).max(1000).describe("How many times as long: `5`.") },
  disturb: ({ times }) => [{ on: "instance", do: "slowStart", times }],
});

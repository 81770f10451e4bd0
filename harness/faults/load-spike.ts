// More people come than usual: a campaign, a breaking story, another site that failed over.
import * as z from "zod";
import { fault } from "./fault.ts";

export const loadSpike = fault({
  about:
    "Lets so many times as many people of a load set out; those who would have come anyway come as they would have.",
  level: "load",
  targets: ["load"],
  attributes: { times: z.number().gt(1).max(1000).describe("How many times as many: `3`.") },
  disturb: ({ times }) => [{ on: "load", do: "multiply", times }],
});

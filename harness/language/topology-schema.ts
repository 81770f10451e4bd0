// The topology file: the fleet, what exists and how it is defended.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { name, named } from "../schema/name.ts";
import { callSchema } from "./call-schema.ts";
import { serviceSchema } from "./service-schema.ts";

const network = z.strictObject({
  sameZone: duration("request").prefault("0ms").describe("One way, per message, within a zone."),
  crossZone: duration("request").prefault("0ms").describe("One way, per message, between zones."),
  links: z
    .record(z.string(), duration("request"))
    .prefault({})
    .describe('Between two zones, one way: `"a <-> b": 55ms`.'),
});

const team = z.strictObject({
  responders: count(1).prefault(1).describe("How many can work at the same time."),
  acknowledge: duration("control").prefault("5m").describe("From the page until somebody looks."),
  diagnose: duration("control").prefault("10m").describe("From looking until acting."),
});

/** A piece of a file that changes another: maps merge, lists replace, `null` removes. */
export const patchSchema = z.record(z.string(), z.unknown());

export const variablesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const topologySchema = z
  .strictObject({
    topology: z.string().min(1).describe("Its name."),
    about: z.string().optional().describe("For readers."),
    extends: z.string().optional().describe("Another topology file that this one changes."),
    vars: variablesSchema.optional().describe("Variables, used as `$(name)`; the scenario's win."),
    zones: z.array(name()).min(1).max(100).prefault(["default"]).describe("Where instances stand."),
    network: network.prefault({}).describe("Delays between instances; 0 by default."),
    teams: named(team).prefault({}).describe("Who owns services, and how fast they answer."),
    defaults: z
      .strictObject({
        service: serviceSchema.optional().describe("What every service has."),
        call: callSchema.optional().describe("What every call has."),
      })
      .prefault({})
      .describe("What every service, and every call of a service or a load, has unless it says otherwise."),
    services: named(serviceSchema).describe("The services, by name."),
    changes: patchSchema.optional().describe("With `extends`: what is different, as a piece of the file."),
  })
  .meta({ title: "Firebreak topology" });

export type WrittenTopology = z.output<typeof topologySchema>;

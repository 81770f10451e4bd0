// What can be shipped: code, and what travels apart from it.
import * as z from "zod";
import { refuseLater } from "../schema/later.ts";
import { name } from "../schema/name.ts";
import { patchSchema } from "./topology-schema.ts";

export const versionSchema = z
  .strictObject({
    service: name().describe("The service that it is a version of."),
    changes: patchSchema
      .nullable()
      .optional()
      .describe("What it changes, as a piece of the service; null or nothing: a harmless version."),
    kind: z
      .enum(["code", "config", "data", "flag"])
      .default("code")
      .superRefine((kind, context) => {
        if (kind === "flag") refuseLater(context, "versions of kind `flag`");
      })
      .describe(
        "`code` is released and starts with its instances. `config` and `data` are pushed: an instance hands over to a " +
          "successor that has it, with its connections and without a start-up (queues and caches begin empty).",
      ),
    onApply: z
      .enum(["crash"])
      .optional()
      .describe("Of a push: every instance crashes when it arrives, once, and comes back with it after its start-up."),
    onBad: z
      .enum(["crash", "keepLastGood", "failOpen", "failClosed"])
      .optional()
      .describe(
        "Of a push whose content is broken, what instances make of it: `crash` whenever they start with it; " +
          "`keepLastGood` go on as before, whatever `changes` says; `failOpen` do without, which `changes` describes; " +
          "`failClosed` answer every request with an error.",
      ),
  })
  .superRefine((version, context) => {
    if (version.kind !== "code") return;
    for (const key of ["onApply", "onBad"] as const) {
      if (version[key] === undefined) continue;
      context.addIssue({
        code: "custom",
        path: [key],
        message: `\`${key}\` is for versions that are pushed`,
        params: { code: "bad-value", hint: "give the version `kind: config` or `kind: data`" },
      });
    }
  });

export type WrittenVersion = z.output<typeof versionSchema>;

// Runbook actions: what a strategy's rules may do beside rolling back.
import * as z from "zod";
import { amount } from "../schema/amount.ts";
import { duration } from "../schema/duration.ts";
import { later } from "../schema/later.ts";
import { name } from "../schema/name.ts";
import { ratio } from "../schema/ratio.ts";
import { patchSchema } from "./topology-schema.ts";

/** Each kind of remedy is known by its own key, and has these beside it. */
const KEYS = {
  disconnect: ["for", "readmitOver"],
  load: ["to", "over"],
  pause: ["for"],
  restart: ["atOnce"],
  flush: [],
  changes: ["service", "over"],
} as const;

const KINDS = Object.keys(KEYS) as (keyof typeof KEYS)[];

export const remedySchema = z
  .strictObject({
    disconnect: name()
      .optional()
      .describe(
        "A service: every connection of users to it is cut, and until they are readmitted they are `refused` without reaching it.",
      ),
    readmitOver: duration("control")
      .optional()
      .describe("Of `disconnect`: people are let in again evenly over this time; all at once without."),
    load: name()
      .optional()
      .describe("A load: only a share of its people, always the same ones, is let in; the others are `shed`."),
    to: ratio().optional().describe("Of `load`: the share that is let in from then on; `100%` lets all in again."),
    pause: name()
      .optional()
      .describe(
        "A load: its people ask for nothing, and nobody misses an answer. Or a version: its rollout stays where it is.",
      ),
    restart: name()
      .optional()
      .describe("A service: its instances are stopped, and others started in their place, in batches."),
    atOnce: amount().optional().describe("Of `restart`: the instances of a batch; all of them without."),
    changes: patchSchema
      .optional()
      .describe(
        "A piece of the service beside it, else of the file's `services`; `replicas` too. It replaces every instance.",
      ),
    service: name().optional().describe("Of `changes`: what they are a piece of."),
    for: duration("control")
      .optional()
      .describe("Of `disconnect` (0s without) and `pause` (for good without): how long."),
    over: duration("control")
      .optional()
      .describe("Of `load` and `changes`: spread evenly over this time; at once without."),
    flush: name()
      .optional()
      .describe("A service: the caches of its instances are emptied, of good answers, old ones and failures alike."),
    killSwitch: later("kill switches", z.string()),
  })
  .superRefine((remedy, context) => {
    const written = remedy as Readonly<Record<string, unknown>>;
    if (written["killSwitch"] !== undefined) return;
    const refuse = (path: string[], code: string, message: string, hint: string | null = null) =>
      context.addIssue({ code: "custom", path, message, params: { code, hint } });
    const [kind, second] = KINDS.filter((key) => written[key] !== undefined);
    if (kind === undefined)
      return refuse([], "missing-key", `a remedy needs one of ${KINDS.map((key) => `\`${key}\``).join(", ")}`);
    if (second !== undefined)
      return refuse([second], "bad-value", `\`${kind}\` and \`${second}\` exclude each other`, "write two remedies");
    for (const key of Object.keys(written)) {
      if (written[key] === undefined || key === kind || (KEYS[kind] as readonly string[]).includes(key)) continue;
      refuse([key], "bad-value", `\`${key}\` has no meaning beside \`${kind}\``);
    }
    if (kind === "load" && written["to"] === undefined) refuse([], "missing-key", "`to` is missing beside `load`");
  })
  .meta({ id: "remedy" });

// A fault of the timeline: its kind, whom it is on, and the attributes that its own file declares.
import * as z from "zod";
import { faults } from "../faults/catalogue.ts";
import type { Fault } from "../faults/fault.ts";
import type { FaultDirection, RequestScope } from "../model/release-plan.ts";
import { amount } from "../schema/amount.ts";
import { count } from "../schema/count.ts";
import { elsewhere } from "../schema/elsewhere.ts";
import { headers } from "../schema/headers.ts";
import { name } from "../schema/name.ts";
import { ratio } from "../schema/ratio.ts";
import { serviceAddressOf, type ServiceAddress } from "../schema/service-address.ts";
import { written } from "../schema/written.ts";

/** What `on:` says, before names are looked up. */
export type WrittenTarget =
  | { readonly type: "service"; readonly to: ServiceAddress }
  | { readonly type: "instance"; readonly service: string; readonly ordinal: number }
  | { readonly type: "edge"; readonly caller: string; readonly to: ServiceAddress };

/** Which requests a fault is about. */
export interface WrittenRequests {
  readonly counted: RequestScope | null;
  readonly header: Readonly<Record<string, string>> | undefined;
}

/** A fault as parsed: what is not scope is an attribute of its kind. */
export interface WrittenFault {
  readonly kind: string;
  /** Absent where `zone` alone says whom. */
  readonly on?: WrittenTarget | undefined;
  readonly version?: string | undefined;
  readonly zone?: string | undefined;
  readonly share?: number | undefined;
  readonly instances?: { readonly count: number } | { readonly ratio: number } | undefined;
  readonly perConnection?: boolean | undefined;
  readonly requests?: WrittenRequests | undefined;
  readonly direction?: FaultDirection | undefined;
  readonly [attribute: string]: unknown;
}

/** Keys of a fault that are not attributes of its kind. */
export const SCOPE_KEYS = [
  "kind",
  "on",
  "version",
  "zone",
  "share",
  "instances",
  "perConnection",
  "requests",
  "direction",
] as const;

/** Keys of its event, which people write into the fault. */
const EVENT_KEYS = ["at", "for", "background", "rampOver", "repeatEvery", "when"] as const;

const BESIDE_FAULT = Object.fromEntries(
  EVENT_KEYS.map((key) => [key, `\`${key}\` belongs to the event: write it beside \`fault\`, not in it`]),
);

const target = written<WrittenTarget>({
  what: "the target of a fault",
  code: "bad-value",
  hint: "write `service`, `service.operation`, `service#0` (an instance) or `caller -> callee`",
  read: targetOf,
  json: { type: "string" },
});

const counted = z
  .strictObject({
    first: count(1).optional().describe("Only the first so many."),
    every: count(1).optional().describe("Only one in so many: the last of each so many."),
    header: headers()
      .optional()
      .describe(
        "Only those that carry these headers, by the `headers` of a load; `first` and `every` count them alone.",
      ),
  })
  .superRefine(({ first, every, header }, context) => {
    const isNone = first === undefined && every === undefined && Object.keys(header ?? {}).length === 0;
    if (!isNone && (first === undefined || every === undefined)) return;
    const message = isNone ? "`first`, `every` or `header` is missing" : "`first` and `every` exclude each other";
    const code = isNone ? "missing-key" : "bad-value";
    context.addIssue({ code: "custom", message, params: { code, hint: null } });
  })
  .transform(({ first, every, header }): WrittenRequests => {
    if (first !== undefined) return { counted: { first }, header };
    return { counted: every === undefined ? null : { every }, header };
  })
  .describe("Which of the requests, as each instance (on a call: each calling one) counts them since the fault began.");

const TARGET_WORDS = {
  service: "`service`",
  operation: "`service.operation`",
  instance: "`service#0`",
  edge: "`caller -> callee`",
  load: "a load",
} as const;

const forms = Object.entries(faults).map(([kind, fault]) => formOf(kind, fault));

export const faultSchema = z.discriminatedUnion(
  "kind",
  forms as unknown as [z.ZodObject],
) as unknown as z.ZodType<WrittenFault>;

function formOf(kind: string, fault: Fault) {
  if (fault.level === "load")
    return z
      .strictObject({ kind: z.literal(kind), on: whom(fault), ...fault.attributes })
      .describe(fault.about)
      .register(elsewhere, BESIDE_FAULT);
  return z
    .strictObject({
      kind: z.literal(kind),
      on: whom(fault),
      ...fault.attributes,
      version: name().optional().describe("Only instances of this version (of the callee, on a call)."),
      zone: name().optional().describe("Only instances in this zone (of the caller, on a call)."),
      instances: amount().optional().describe("How many of the matching instances: `2` or `30%`; all by default."),
      ...(fault.level === "request" ? requestScope(fault) : {}),
    })
    .describe(fault.about)
    .register(elsewhere, BESIDE_FAULT);
}

/** For a key that a fault has and its event has not. */
export const INSIDE_FAULT = Object.fromEntries(
  [...SCOPE_KEYS, ...Object.values(faults).flatMap(({ attributes }) => Object.keys(attributes))].map((key) => [
    key,
    `\`${key}\` is part of the fault: write it inside \`fault: { }\``,
  ]),
);

/** Where a fault can be on a zone, the zone alone says whom it hits. */
function whom({ targets }: Fault) {
  const isOfZones = targets.includes("zone");
  const forms = targets.flatMap((each) => (each === "zone" ? [] : [TARGET_WORDS[each]]));
  const about = isOfZones
    ? `Whom it hits: ${[...forms, "or nothing beside `zone`"].join(", ")}.`
    : `Whom it hits: ${forms.join(", ")}.`;
  return isOfZones ? target.optional().describe(about) : target.describe(about);
}

/** What narrows a fault on requests. */
function requestScope({ hasDirection = true }: Fault) {
  return {
    share: ratio().optional().describe("Share of requests that are hit."),
    perConnection: z
      .boolean()
      .optional()
      .describe("`share` is one of connections: one leads from each calling instance to each called one."),
    requests: counted.optional(),
    ...(hasDirection
      ? {
          direction: z
            .enum(["request", "response"])
            .optional()
            .describe("On the way there (`request`), or on the way back, when the work is done (`response`)."),
        }
      : {}),
  };
}

function targetOf(value: unknown): WrittenTarget | null {
  if (typeof value !== "string") return null;
  const instance = /^([A-Za-z][\w-]*)#(\d{1,6})$/.exec(value);
  if (instance !== null) return { type: "instance", service: instance[1]!, ordinal: Number(instance[2]) };
  const edge = /^([A-Za-z][\w-]*)\s*->\s*(\S+)$/.exec(value);
  const to = serviceAddressOf(edge === null ? value : edge[2]);
  if (to === null) return null;
  return edge === null ? { type: "service", to } : { type: "edge", caller: edge[1]!, to };
}

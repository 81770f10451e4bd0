// The steps of an operation: what a request makes it do. A list runs in order, a list inside it together,
// inside that in order again.
import * as z from "zod";
import type { Distribution } from "../core/distribution.ts";
import { count } from "../schema/count.ts";
import { distribution } from "../schema/distribution.ts";
import { millisecondsOf } from "../schema/duration.ts";
import { ratio } from "../schema/ratio.ts";
import { serviceAddress, serviceAddressOf, type ServiceAddress } from "../schema/service-address.ts";
import { written } from "../schema/written.ts";

export type WrittenStep =
  | { readonly do: "work" | "wait"; readonly time: Distribution; readonly probability: number }
  | {
      readonly do: "call";
      readonly to: ServiceAddress;
      readonly optional: boolean;
      readonly probability: number;
      readonly times: number;
      readonly fallback: readonly WrittenStep[] | null;
    }
  | { readonly do: "list"; readonly items: readonly WrittenStep[] };

const probability = ratio().prefault(1).describe("How often the step is taken.");

const short = written<WrittenStep>({
  what: "a step",
  code: "bad-value",
  hint: "write a time for CPU work (`5ms`), a call (`service.operation`, with `?` where it is optional), a map or a list",
  read: shortStep,
  advise: (value) => (typeof value === "number" ? `work needs its unit: \`${value}ms\`` : null),
  json: { type: "string", description: "CPU work such as `5ms`, or a call such as `cart.get` or `ads?`" },
});

const steps = z.lazy(() => z.array(stepSchema).max(1000)).meta({ id: "steps" });

const call = z
  .strictObject({
    call: serviceAddress().describe("Service or service.operation."),
    optional: z
      .boolean()
      .default(false)
      .describe("Its failure degrades the answer instead of failing it; short: a trailing `?`."),
    probability,
    times: count(1).prefault(1).describe("So many copies stand in this list."),
    fallback: steps.optional().describe("Steps that stand in for a failed call; the answer then counts as degraded."),
  })
  .superRefine(({ times }, context) => {
    if (times > 1000)
      context.addIssue({
        code: "custom",
        path: ["times"],
        message: "`times` may be at most 1000",
        params: { code: "out-of-range", hint: null },
      });
  })
  .transform(({ call: to, fallback = null, ...rest }): WrittenStep => ({ do: "call", to, fallback, ...rest }));

const wait = z
  .strictObject({ wait: distribution("request").describe("Holds the worker without CPU."), probability })
  .transform((form): WrittenStep => ({ do: "wait", time: form.wait, probability: form.probability }));

const work = z
  .strictObject({ work: distribution("request").describe("CPU work."), probability })
  .transform((form): WrittenStep => ({ do: "work", time: form.work, probability: form.probability }));

const plainWork = distribution("request").transform((time): WrittenStep => ({ do: "work", time, probability: 1 }));

/** One step of an operation, or a list of steps that run together. */
export const stepSchema: z.ZodType<WrittenStep> = z
  .union([
    short,
    call,
    wait,
    work,
    plainWork,
    z.lazy(() => z.array(stepSchema).max(1000)).transform((items): WrittenStep => ({ do: "list", items })),
  ])
  .meta({ id: "step" });

/** The steps of an operation, in order. */
export const stepsSchema: z.ZodType<readonly WrittenStep[]> = steps;

function shortStep(value: string | number | boolean): WrittenStep | null {
  if (typeof value !== "string") return null;
  const ms = millisecondsOf(value);
  if (ms !== null) return { do: "work", time: { kind: "constant", ms }, probability: 1 };
  const optional = value.endsWith("?");
  const to = serviceAddressOf(optional ? value.slice(0, -1) : value);
  return to === null ? null : { do: "call", to, optional, probability: 1, times: 1, fallback: null };
}

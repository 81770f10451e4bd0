// All faults there are. A new one is one file beside this one and one row here: see docs/add-a-fault.md.
import { capacity } from "./capacity.ts";
import { crash } from "./crash.ts";
import { error } from "./error.ts";
import type { Fault } from "./fault.ts";
import { latency } from "./latency.ts";
import { pause } from "./pause.ts";

export const faults = { latency, error, crash, pause, capacity } satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;

export function isFaultKind(kind: string): kind is FaultKind {
  return Object.hasOwn(faults, kind);
}

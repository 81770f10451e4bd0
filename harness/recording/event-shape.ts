// Is this value really an event? Checks what whoever tells the story of a run relies on.
import type { RunEventKind } from "./event.ts";

type FieldType = "string" | "number" | "string?" | "number?";

const FIELDS: Readonly<Record<RunEventKind, Readonly<Record<string, FieldType>>>> = {
  timeline: { timeline: "number", state: "string" },
  trigger: { state: "string" },
  rollout: { version: "string", phase: "string", detail: "string" },
  weight: { service: "string", version: "string", weight: "number" },
  measurement: { analysis: "string", metric: "string", value: "number?", limit: "string", result: "string" },
  gate: { analysis: "string", result: "string" },
  alert: { alert: "string", state: "string", value: "number?" },
  page: { team: "string", cause: "string", state: "string" },
  action: { action: "string", by: "string?", cause: "string" },
  instance: { instance: "string", service: "string", version: "string", zone: "string", state: "string" },
  scaling: { service: "string", from: "number", to: "number", metric: "string", value: "number?" },
  ejection: { calls: "string", state: "string", share: "number" },
  warning: { code: "string", message: "string" },
};

/** What is wrong with it, or null. */
export function eventFlaw(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "an event is an object";
  const event = value as Record<string, unknown>;
  const kind = event["kind"];
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind))
    return `an event of the kind "${String(kind)}" is not known`;
  if (!Number.isFinite(event["atMs"])) return "the event has no time";
  for (const [name, type] of Object.entries(FIELDS[kind as RunEventKind])) {
    const field = event[name];
    const isMissingAllowed = type.endsWith("?") && field === null;
    if (!isMissingAllowed && typeof field !== type.replace("?", ""))
      return `the event's \`${name}\` is not a ${type.replace("?", "")}`;
  }
  return null;
}

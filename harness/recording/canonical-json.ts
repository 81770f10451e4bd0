// JSON with one spelling: keys in alphabetical order, no spaces, nothing that JSON cannot hold. Equal values
// give equal bytes, whatever order their keys were written in.
import { assert } from "../core/assert.ts";

export function canonicalJson(value: unknown): string {
  if (typeof value === "number") assert(Number.isFinite(value), "JSON has no infinities: unlimited is null");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join()}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join()}}`;
}

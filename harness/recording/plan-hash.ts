// The name of a plan: equal plans, and only they, have equal hashes.
import { createHash } from "node:crypto";
import type { Plan } from "../model/plan.ts";
import { canonicalJson } from "./canonical-json.ts";

/** SHA-256 of the plan's canonical JSON, in hex. */
export function planHash(plan: Plan): string {
  return createHash("sha256").update(canonicalJson(plan)).digest("hex");
}

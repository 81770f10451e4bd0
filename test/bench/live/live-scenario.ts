// The plans of the live bench: its scenario files, compiled for the live engine at their full size and pace.
import { fileURLToPath } from "node:url";
import type { Plan } from "../../../harness/model/plan.ts";
import { planOf } from "../sim-run.ts";

export function scenarioFile(name: string): string {
  return fileURLToPath(new URL(`../scenarios/live/${name}.yaml`, import.meta.url));
}

export function livePlan(name: string, vars: Readonly<Record<string, string>> = {}): Plan {
  return planOf(scenarioFile(name), vars);
}

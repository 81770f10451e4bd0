// The share of a version's requests that end badly although they did their work.
import { unit } from "../core/key.ts";
import type { ErrorPlan, VariantPlan } from "../model/service-plan.ts";
import type { Visits } from "./visits.ts";

/** The first error that a request with this key meets, or null. */
export function errorOf(errors: readonly ErrorPlan[], operation: number, high: number, low: number): ErrorPlan | null {
  for (const error of errors) {
    if (error.operation !== null && error.operation !== operation) continue;
    if (unit(high, low, error.site) < error.share) return error;
  }
  return null;
}

/** The same for a visit; errands meet none. */
export function errorOfVisit({ errors, operations }: VariantPlan, visits: Visits, visit: number): ErrorPlan | null {
  const operation = visits.operation[visit]!;
  if (errors.length === 0 || operation >= operations.length) return null;
  return errorOf(errors, operation, visits.keyHigh[visit]!, visits.keyLow[visit]!);
}

// What would have contained it better: the variant of the same scenario that did.
import type { Result, VariantResult } from "../harness/verdict/result.ts";
import { count, percent } from "./wording.ts";

/** Of the contained variants with the same trigger the one with the fewest lost requests (then the first); null where none is, or this one is. */
export function nearestContained(variant: VariantResult, result: Result): VariantResult | null {
  if (variant.outcome === "contained" || variant.outcome === "measured") return null;
  let best: VariantResult | null = null;
  for (const other of result.variants) {
    if (other.outcome !== "contained" || other.trigger.join() !== variant.trigger.join()) continue;
    if (best === null || other.blastRadius.requestsLost < best.blastRadius.requestsLost) best = other;
  }
  return best;
}

export function remedyText(variant: VariantResult, result: Result): string | null {
  const better = nearestContained(variant, result);
  if (better === null) return null;
  const { usersAffected, requestsLost } = better.blastRadius;
  return `${better.strategy ?? "the scenario"} contains it: ${percent(usersAffected)} of the users affected, ${count(requestsLost)} requests lost, against ${percent(variant.blastRadius.usersAffected)} and ${count(variant.blastRadius.requestsLost)} here`;
}

// Is the shrunken rehearsal still the real one? The simulator runs a study at its live size and at the scenario's own;
// an outcome that differs is a warning, because then the live run answers another question.
import type { Result } from "../verdict/result.ts";

export interface Distortion {
  readonly strategy: string | null;
  readonly warning: { readonly code: "distorted"; readonly message: string };
}

/** One per strategy whose simulated outcome changes with the size. */
export function distortionsOf(shrunken: Result, real: Result): Distortion[] {
  return shrunken.variants.flatMap((variant) => {
    const counterpart = real.variants.find(({ strategy }) => strategy === variant.strategy);
    if (counterpart === undefined || counterpart.outcome === variant.outcome) return [];
    const name = variant.strategy ?? shrunken.scenario;
    const message = `${name} is ${variant.outcome} at this scale and compression, but ${counterpart.outcome} at the scenario's own: the shrunken rehearsal is not the real one`;
    return [{ strategy: variant.strategy, warning: { code: "distorted", message } }];
  });
}

/** The result with its warnings added, each to the variant that it is about. */
export function withDistortions(result: Result, distortions: readonly Distortion[]): Result {
  if (distortions.length === 0) return result;
  const warningsOf = (strategy: string | null) =>
    distortions.filter((distortion) => distortion.strategy === strategy).map(({ warning }) => warning);
  return {
    ...result,
    variants: result.variants.map((variant) => ({
      ...variant,
      warnings: [...variant.warnings, ...warningsOf(variant.strategy)],
    })),
    warnings: [...result.warnings, ...distortions.map(({ warning }) => warning)],
  };
}

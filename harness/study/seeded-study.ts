// The same study at several seeds: everything but the draws is the same.
import type { Plan, Study } from "../model/plan.ts";

/** A study at one seed, and where its recordings go. */
export interface SeededStudy {
  readonly study: Study;
  /** The folder of the folders of its runs; null where recordings are not kept. */
  readonly directory: string | null;
}

/** A plan holds its seed and nothing that was drawn from it. */
export function reseeded(study: Study, seed: number): Study {
  const at = (plan: Plan): Plan => ({ ...plan, seed });
  const variants = study.variants.map((variant) => ({
    ...variant,
    plan: at(variant.plan),
    control: at(variant.control),
  }));
  return { ...study, variants };
}

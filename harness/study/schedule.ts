// Which runs a study needs, in which order: each variant, and before the first that needs it its control.
// Variants whose controls are the same plan share one control run.
import type { Plan, Study, Variant } from "../model/plan.ts";
import { hasTrigger } from "../verdict/trigger.ts";

export interface ScheduledRun {
  /** Names its folder in the run directory and its line in the progress. */
  readonly name: string;
  readonly plan: Plan;
}

export interface Schedule {
  readonly runs: readonly ScheduledRun[];
  /** By variant: the index of its run, and of its control run or null where there is none. */
  readonly variants: readonly { readonly variant: Variant; readonly run: number; readonly control: number | null }[];
}

/** `hashOf` says which plans are the same. Without controls each variant is judged against its own steady state. */
export function scheduleOf(study: Study, hasControls: boolean, hashOf: (plan: Plan) => string): Schedule {
  const runs: ScheduledRun[] = [];
  const controls = new Map<string, number>();
  const variants = study.variants.map((variant) => {
    const control = hasControls && hasTrigger(variant.plan) ? controlRun(variant.control) : null;
    return { variant, run: runs.push({ name: variant.plan.strategy ?? "run", plan: variant.plan }) - 1, control };
  });
  return { runs, variants };

  function controlRun(plan: Plan): number {
    const hash = hashOf(plan);
    const known = controls.get(hash);
    if (known !== undefined) return known;
    // The underscore keeps it apart from every strategy: names begin with a letter.
    const name = controls.size === 0 ? "_control" : `_control-${controls.size + 1}`;
    const index = runs.push({ name, plan }) - 1;
    controls.set(hash, index);
    return index;
  }
}

/** The schedule of the same study at another seed: plans that are the same at one seed are so at all, and need no second look. */
export function scheduleLike(schedule: Schedule, study: Study): Schedule {
  const variants = schedule.variants.map((each, index) => ({ ...each, variant: study.variants[index]! }));
  const plans = new Map<number, Plan>();
  for (const { variant, run, control } of variants) {
    plans.set(run, variant.plan);
    if (control !== null && !plans.has(control)) plans.set(control, variant.control);
  }
  return { runs: schedule.runs.map(({ name }, index) => ({ name, plan: plans.get(index)! })), variants };
}

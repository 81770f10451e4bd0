// The compiled form of what a request makes a service do, step by step.
import type { Distribution } from "../core/distribution.ts";

export interface OperationPlan {
  readonly steps: readonly StepPlan[];
}

/**
 * A step of an operation. `site` is a stable 32-bit number of the place, derived from what the step is
 * (operation, callee, how many-th of its like), so that inserting a step elsewhere moves no draw.
 */
export type StepPlan =
  | { readonly do: "work"; readonly time: Distribution; readonly probability: number; readonly site: number }
  | { readonly do: "wait"; readonly time: Distribution; readonly probability: number; readonly site: number }
  | {
      readonly do: "call";
      /** Index into the variant's `calls`. */
      readonly call: number;
      /** Operation index of the callee. */
      readonly operation: number;
      readonly optional: boolean;
      readonly probability: number;
      /** Steps that stand in for a failed call; the answer is then degraded. */
      readonly fallback: readonly StepPlan[] | null;
      readonly site: number;
    }
  /** Branches run together; each branch is a list that runs in order. */
  | { readonly do: "together"; readonly branches: readonly (readonly StepPlan[])[] };

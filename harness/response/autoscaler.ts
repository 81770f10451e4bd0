// How many instances a service should have, as the HorizontalPodAutoscaler of Kubernetes computes it: the metric's
// distance from its target, tempered by tolerance, by what was wished for lately, and by how fast it may change.
// Source: kubernetes pkg/controller/podautoscaler/replica_calculator.go and horizontal.go (…WithBehaviors, …WithScalingRules).
import type { AutoscalingPlan, ScalingRulesPlan } from "../model/autoscaling-plan.ts";

/** What it sees. */
export interface ScalingView {
  /** Instances that are wanted at present, and how many of them are ready. */
  readonly replicas: number;
  readonly ready: number;
  /** Mean of the metric over the ready instances; null = no data. */
  readonly metric: number | null;
}

interface Change {
  readonly atMs: number;
  readonly by: number;
}

export class Autoscaler {
  readonly #plan: AutoscalingPlan;
  readonly #wishes: { readonly atMs: number; readonly replicas: number }[] = [];
  readonly #ups: Change[] = [];
  readonly #downs: Change[] = [];

  constructor(plan: AutoscalingPlan) {
    this.#plan = plan;
  }

  /** How many there should be from now on; told at every sync. */
  decide(nowMs: number, view: ScalingView): number {
    const { min, max } = this.#plan;
    const { replicas } = view;
    const wish = Math.min(max, Math.max(min, this.#wishOf(view)));
    const stable = this.#stabilized(nowMs, replicas, wish);
    const next = this.#limited(nowMs, replicas, stable);
    if (next > replicas) this.#ups.push({ atMs: nowMs, by: next - replicas });
    if (next < replicas) this.#downs.push({ atMs: nowMs, by: replicas - next });
    return next;
  }

  /** ceil(ready × metric ÷ target); on the way up, those that are not ready count as idle. */
  #wishOf({ replicas, ready, metric }: ScalingView): number {
    const { target, tolerance } = this.#plan;
    if (metric === null || ready === 0) return replicas;
    const ratio = metric / target;
    if (Math.abs(ratio - 1) <= tolerance) return replicas;
    if (ratio < 1 || ready === replicas) return ceil(ratio * ready);
    const rebalanced = (ratio * ready) / replicas;
    if (rebalanced <= 1 + tolerance) return replicas;
    return ceil(rebalanced * replicas);
  }

  /** The least wish of the window on the way up, the largest on the way down. */
  #stabilized(nowMs: number, replicas: number, wish: number): number {
    const { scaleUp, scaleDown } = this.#plan;
    const isUp = wish >= replicas;
    const sinceMs = nowMs - (isUp ? scaleUp : scaleDown).stabilizationWindowMs;
    const recent = this.#wishes.filter(({ atMs }) => atMs > sinceMs).map((each) => each.replicas);
    const longestMs = Math.max(scaleUp.stabilizationWindowMs, scaleDown.stabilizationWindowMs);
    while (this.#wishes.length > 0 && this.#wishes[0]!.atMs < nowMs - longestMs) this.#wishes.shift();
    this.#wishes.push({ atMs: nowMs, replicas: wish });
    return isUp ? Math.min(wish, ...recent) : Math.max(wish, ...recent);
  }

  #limited(nowMs: number, replicas: number, wish: number): number {
    const { min, max, scaleUp, scaleDown } = this.#plan;
    if (wish > replicas) {
      const from = replicas - changedSince(this.#ups, scaleUp, nowMs);
      const limit = Math.max(ceil(from * (1 + scaleUp.ratio)), from + scaleUp.count);
      return Math.min(wish, max, Math.max(limit, replicas));
    }
    if (wish < replicas) {
      const from = replicas + changedSince(this.#downs, scaleDown, nowMs);
      const limit = Math.min(Math.floor(from * (1 - scaleDown.ratio)), from - scaleDown.count);
      return Math.max(wish, min, Math.min(limit, replicas));
    }
    return replicas;
  }
}

/** By how many the number changed in the rules' period; forgets what came before. */
function changedSince(changes: Change[], { periodMs }: ScalingRulesPlan, nowMs: number): number {
  while (changes.length > 0 && changes[0]!.atMs <= nowMs - periodMs) changes.shift();
  return changes.reduce((sum, { by }) => sum + by, 0);
}

/** Up, but not for round-off. */
function ceil(value: number): number {
  return Math.ceil(value - 1e-9);
}

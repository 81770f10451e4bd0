// The compiled form of an autoscaler: how many instances a service has as its metric changes.

/** Kubernetes' HorizontalPodAutoscaler, names and semantics (autoscaling/v2); times are control time. */
export interface AutoscalingPlan {
  /** A ratio of the service, as its full address. */
  readonly metric: string;
  readonly target: number;
  readonly min: number;
  readonly max: number;
  readonly syncPeriodMs: number;
  /** The metric is taken over this long. */
  readonly overMs: number;
  /** Nothing is done while the metric is that near to its target, relatively. */
  readonly tolerance: number;
  readonly scaleUp: ScalingRulesPlan;
  readonly scaleDown: ScalingRulesPlan;
}

export interface ScalingRulesPlan {
  /** The most cautious wish of this long is what is done. */
  readonly stabilizationWindowMs: number;
  /** In `periodMs` the number changes by the larger of a share of it and so many instances. */
  readonly ratio: number;
  readonly count: number;
  readonly periodMs: number;
}

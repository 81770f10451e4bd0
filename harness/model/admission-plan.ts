// The compiled form of what an instance lets in.

export type AdmissionPlan = ConcurrencyLimitPlan | UtilizationPlan;

/** So many requests may be in the instance, queue included; more are refused. */
export interface ConcurrencyLimitPlan {
  readonly type: "concurrencyLimit";
  readonly limit: LimitPlan;
}

/** While the instance is busy, the less critical is refused. */
export interface UtilizationPlan {
  readonly type: "utilization";
  readonly of: "workers" | "cpu";
  /** Request time. */
  readonly refreshIntervalMs: number;
  /** By index of CRITICALITIES: refused from this utilisation on; null = never. */
  readonly thresholds: readonly (number | null)[];
}

/** How the limit moves. */
export type LimitPlan = FixedLimitPlan | AimdLimitPlan | VegasLimitPlan | Gradient2LimitPlan | EnvoyGradientPlan;

export interface FixedLimitPlan {
  readonly algorithm: "fixed";
  readonly limit: number;
}

/** Netflix's AIMDLimit. */
export interface AimdLimitPlan {
  readonly algorithm: "aimd";
  readonly initialLimit: number;
  readonly minLimit: number;
  readonly maxLimit: number;
  readonly backoffRatio: number;
  readonly timeoutMs: number;
}

/** Netflix's VegasLimit. */
export interface VegasLimitPlan {
  readonly algorithm: "vegas";
  readonly initialLimit: number;
  readonly maxLimit: number;
  readonly smoothing: number;
  readonly probeMultiplier: number;
}

/** Netflix's Gradient2Limit. */
export interface Gradient2LimitPlan {
  readonly algorithm: "gradient2";
  readonly initialLimit: number;
  readonly minLimit: number;
  readonly maxLimit: number;
  readonly smoothing: number;
  readonly queueSize: number;
  readonly rttTolerance: number;
  readonly longWindow: number;
}

/** Envoy's gradient controller. */
export interface EnvoyGradientPlan {
  readonly algorithm: "envoyGradient";
  readonly minLimit: number;
  readonly maxLimit: number;
  /** Request time. */
  readonly updateIntervalMs: number;
  readonly percentile: number;
  /** Control time. */
  readonly minRttIntervalMs: number;
  readonly minRttRequests: number;
  readonly minRttJitter: number;
  readonly buffer: number;
}

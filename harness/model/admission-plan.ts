// The compiled form of what an instance lets in.

export type AdmissionPlan = ConcurrencyLimitPlan;

/** So many requests may be in the instance, queue included; more are refused. */
export interface ConcurrencyLimitPlan {
  readonly type: "concurrencyLimit";
  readonly limit: LimitPlan;
}

/** How the limit moves. */
export type LimitPlan = FixedLimitPlan | AimdLimitPlan;

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

// The compiled form of a service's logging: work beside its requests, on the same cores.

export interface LoggingPlan {
  /** Lines for each call of its own that fails, its retries included. */
  readonly perFailure: number;
  /** CPU work of a line. */
  readonly costMs: number;
  /** Lines of an instance that may wait to be written; more are dropped. null = unlimited. */
  readonly maxPending: number | null;
}

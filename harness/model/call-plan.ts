// The compiled form of one call policy: how a caller (a service version or a load) defends itself towards one callee.

/** All durations here are request time: `compress` leaves them alone, except where a field says control. */
export interface CallPlan {
  /** Index into `Plan.edges`: the row under which its numbers are recorded. */
  readonly edge: number;
  /** Service index of the callee. */
  readonly callee: number;
  /** The callee's operations that this entry covers (own machine, own breaker); the rest have another entry. */
  readonly operations: readonly number[];
  /** The whole call with its retries; null = none. */
  readonly timeoutMs: number | null;
  /** Each try; null = none. Default 1 s. */
  readonly attemptTimeoutMs: number | null;
  readonly retry: RetryPlan | null;
  readonly circuitBreaker: CircuitBreakerPlan | null;
  readonly loadBalancer: LoadBalancerPlan;
  /** Absent: every attempt has a connection at once. */
  readonly connectionPool?: ConnectionPoolPlan;
  /** Absent: nobody is ejected. */
  readonly outlierDetection?: OutlierDetectionPlan;
  /** Instead of outlier detection. */
  readonly failureAccrual?: FailureAccrualPlan;
  /** A user stays on the instance that answered last, until the connection to it breaks; absent: each attempt is balanced. */
  readonly sticky?: "instance";
  /** Where one of these is absent there is none. */
  readonly throttle?: ThrottlePlan;
  readonly rateLimiter?: RateLimiterPlan;
  readonly bulkhead?: BulkheadPlan;
  readonly limits?: LimitsPlan;
  readonly hedge?: HedgePlan;
  readonly mapErrors?: ErrorMapPlan;
}

/** What may be retried. `connection` covers refused, connectionReset and noHealthyHost. */
export type RetryOn = "error" | "timeout" | "overload" | "connection" | "circuitOpen" | "bulkheadFull";

export interface RetryPlan {
  /** The first try included. */
  readonly maxAttempts: number;
  readonly retryOn: readonly RetryOn[];
  /** null: retry at once. */
  readonly backoff: BackoffPlan | null;
  readonly budget: RetryBudgetPlan | null;
}

export type Jitter = "none" | "full" | "equal" | "decorrelated" | "decorrelatedV2" | "proportional";

export interface BackoffPlan {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly multiplier: number;
  readonly jitter: Jitter;
  /** Used by `proportional` only: delay × U(1 − p, 1 + p). gRPC 0.2, Resilience4j 0.5. */
  readonly proportion: number;
}

export type RetryBudgetPlan = RatioBudgetPlan | TokenBudgetPlan | ConcurrencyBudgetPlan | QuotaBudgetPlan;

/** Finagle's ratio budget: each call deposits `ratio` retries, kept for `ttlMs`; `minPerSecond` is always there. */
export interface RatioBudgetPlan {
  readonly type: "ratio";
  readonly ratio: number;
  readonly minPerSecond: number;
  /** Control time. */
  readonly ttlMs: number;
}

/** gRPC's throttling: a failure takes a token, a success gives `tokenRatio` back; retries only above half of the tokens. */
export interface TokenBudgetPlan {
  readonly type: "tokens";
  readonly maxTokens: number;
  readonly tokenRatio: number;
}

/** Envoy's budget: at most `ratio` active retries per attempt under way, and at least `minConcurrency`. */
export interface ConcurrencyBudgetPlan {
  readonly type: "concurrency";
  readonly ratio: number;
  readonly minConcurrency: number;
}

/** The AWS SDKs' standard quota. */
export interface QuotaBudgetPlan {
  readonly type: "quota";
  readonly capacity: number;
  readonly retryCost: number;
  readonly timeoutCost: number;
  /** What a success at the first try pays in. */
  readonly refill: number;
}

/** What failures are handed on as, where it is something else. */
export type ErrorMapPlan = { readonly [Word in RetryOn]?: "error" | "wrong" };

export interface HedgePlan {
  /** At a time, the first included. */
  readonly maxAttempts: number;
  /** Before the next attempt: a time, or a quantile of how long answers take. */
  readonly delay: { readonly delayMs: number } | { readonly quantile: number };
  /** Failures that leave the other attempts alone. */
  readonly nonFatal: readonly RetryOn[];
  readonly budget: RetryBudgetPlan | null;
}

/** Google's client-side throttling. */
export interface ThrottlePlan {
  readonly k: number;
  /** Control time. */
  readonly windowMs: number;
  readonly maxRejectionRatio: number;
}

/** Resilience4j's rate limiter. */
export interface RateLimiterPlan {
  readonly limitForPeriod: number;
  readonly limitRefreshPeriodMs: number;
  /** A longer wait is refused. */
  readonly timeoutMs: number;
}

export interface BulkheadPlan {
  readonly maxConcurrentCalls: number;
  /** null = as long as the call may take. */
  readonly maxWaitMs: number | null;
  /** null = unlimited. */
  readonly maxQueue: number | null;
}

/** Envoy's caps; null = unlimited. */
export interface LimitsPlan {
  readonly maxConnections: number | null;
  readonly maxPendingRequests: number | null;
  readonly maxRequests: number | null;
  readonly maxRetries: number | null;
}

/** Resilience4j's breaker, names and semantics. */
export interface CircuitBreakerPlan {
  readonly failureRateThreshold: number;
  readonly slowCallRateThreshold: number;
  readonly slowCallDurationThresholdMs: number;
  readonly slidingWindow:
    | { readonly type: "count"; readonly size: number }
    | { readonly type: "time"; /** Control time. */ readonly sizeMs: number };
  readonly minimumNumberOfCalls: number;
  /** Control time. */
  readonly waitDurationInOpenStateMs: number;
  readonly permittedNumberOfCallsInHalfOpenState: number;
  /** Control time; 0 = off. */
  readonly maxWaitDurationInHalfOpenStateMs: number;
  readonly automaticTransitionFromOpenToHalfOpen: boolean;
}

/** Of one caller to each endpoint. */
export interface ConnectionPoolPlan {
  readonly max: number;
  /** null = as long as the call may take. */
  readonly acquireTimeoutMs: number | null;
  readonly connectLatencyMs: number;
  /** Control time; null = never. */
  readonly idleTimeoutMs: number | null;
}

/** Envoy's outlier detection, names and semantics. null = that detector is off. */
export interface OutlierDetectionPlan {
  readonly consecutive5xx: number | null;
  readonly consecutiveGatewayFailure: number | null;
  /** Control time, all three. */
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionTimeMs: number;
  readonly maxEjectionRatio: number;
  /** One may be ejected though it is more than that ratio. */
  readonly alwaysEjectOne: boolean;
  readonly successRate: {
    readonly minimumHosts: number;
    readonly requestVolume: number;
    readonly stdevFactor: number;
  } | null;
  readonly failurePercentage: {
    readonly threshold: number;
    readonly minimumHosts: number;
    readonly requestVolume: number;
  } | null;
  /** With fewer of the endpoints left than this, ejections are ignored. */
  readonly panicThreshold: number;
}

/** Finagle's failure accrual, names and semantics. null = that policy is off. */
export interface FailureAccrualPlan {
  readonly consecutiveFailures: number | null;
  readonly successRate: {
    readonly required: number;
    /** Control time. */
    readonly windowMs: number;
    readonly minimumRequests: number;
  } | null;
  /** Control time, both. */
  readonly markDeadFor: { readonly initialMs: number; readonly maxMs: number };
  /** With fewer of the endpoints left than this, those that are dead are used, too. */
  readonly panicThreshold: number;
}

export interface LoadBalancerPlan {
  readonly policy: "roundRobin" | "leastRequest" | "random" | "ringHash" | "pickFirst";
  /** Of leastRequest: how many candidates are drawn. Envoy: 2. */
  readonly choiceCount: number;
  /** Of ringHash: the ring has at least so many places. */
  readonly minimumRingSize?: number;
  /** Of pickFirst: each caller has an order of its own; absent: all have that of the route. */
  readonly shuffleAddressList?: boolean;
  /** Absent: the caller's zone does not matter. */
  readonly zone?: ZonePreference;
  /** Absent: a new endpoint gets its full share at once. */
  readonly slowStart?: SlowStartPlan;
}

export type ZonePreference =
  | { readonly mode: "prefer" | "only" }
  /** Envoy's zone-aware routing, in force from so many endpoints on. */
  | { readonly mode: "aware"; readonly minimumEndpoints: number };

export interface SlowStartPlan {
  /** Control time. */
  readonly windowMs: number;
  readonly minimumWeight: number;
  readonly aggression: number;
}

// The defaults of well-known libraries, as a user would write them: one row each. A preset sets only what its library has and
// we support. docs/presets.md is written from this table.

/** A piece of a file, as it is written. */
export type Piece = { readonly [key: string]: string | number | boolean | readonly string[] | Piece };

export interface Preset {
  readonly about: string;
  /** Where the numbers stand. */
  readonly source: string;
  /** What the library does unless told otherwise. */
  readonly always: Piece;
  /** Parts, by path, that the library leaves off until they are asked for: what each is then, where nothing else is written. */
  readonly parts: Piece;
}

const EVERY_FAILURE = ["error", "timeout", "overload", "connection", "circuitOpen", "bulkheadFull"];

/** Under an entry of `calls`. */
export const CALL_PRESETS = {
  envoy: {
    about:
      "A route of Envoy: 15 s for everything, caps instead of a breaker, and no retries until they are asked for (`retry: {}` is retry_on: 5xx). Its back-off grows as (2ⁿ − 1) × 25 ms, which is the same for the one retry that it makes by default.",
    source:
      "Envoy `route_components.proto` (timeout, num_retries, back-off), `circuit_breaker.proto`, `cluster.proto` (panic threshold), `outlier_detection.proto`",
    always: {
      timeout: "15s",
      attemptTimeout: "none",
      limits: { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 3 },
      loadBalancer: { policy: "roundRobin", panicThreshold: "50%" },
    },
    parts: {
      retry: {
        maxAttempts: 2,
        retryOn: ["error", "timeout", "overload", "connection"],
        backoff: { initial: "25ms", max: "250ms", multiplier: 2, jitter: "full" },
      },
      outlierDetection: {
        consecutive5xx: 5,
        interval: "10s",
        baseEjectionTime: "30s",
        maxEjectionTime: "300s",
        maxEjectionRatio: "10%",
        alwaysEjectOne: false,
        successRate: { minimumHosts: 5, requestVolume: 100, stdevFactor: 1.9 },
      },
    },
  },
  grpc: {
    about:
      "A gRPC channel: no deadline of its own, everything to the first endpoint that is there, and whatever the service config asks for. Retries and hedges are for UNAVAILABLE; without `nonFatal` codes any failure ends a hedged call.",
    source:
      "gRPC guide on deadlines; `doc/load-balancing.md` (pick_first unless the service config names another), proposal A62; proposal A6 (retries with a jitter of ± 20 %, hedging, throttling); proposal A50",
    always: {
      timeout: "none",
      attemptTimeout: "none",
      loadBalancer: { policy: "pickFirst", shuffleAddressList: false },
    },
    parts: {
      retry: {
        retryOn: ["overload", "connection"],
        backoff: { initial: "100ms", max: "1s", multiplier: 2, jitter: "proportional", proportion: "20%" },
      },
      hedge: { nonFatal: [] },
      outlierDetection: { alwaysEjectOne: true },
    },
  },
  resilience4j: {
    about:
      "The registries' defaults of Resilience4j: a time limit of 1 s on each attempt; the other modules as they are once they decorate the call. Its rate limiter's period of 500 ns limits nobody until it is changed.",
    source:
      "Resilience4j `TimeLimiterConfig`, `RetryConfig` (any exception, 500 ms), `CircuitBreakerConfig`, `BulkheadConfig`, `RateLimiterConfig`",
    always: { timeout: "none", attemptTimeout: "1s" },
    parts: {
      retry: {
        maxAttempts: 3,
        retryOn: EVERY_FAILURE,
        backoff: { initial: "500ms", max: "500ms", multiplier: 1, jitter: "none" },
      },
      circuitBreaker: {
        failureRateThreshold: "50%",
        slowCallRateThreshold: "100%",
        slowCallDurationThreshold: "60s",
        slidingWindow: { type: "count", size: 100 },
        minimumNumberOfCalls: 100,
        waitDurationInOpenState: "60s",
        permittedNumberOfCallsInHalfOpenState: 10,
        maxWaitDurationInHalfOpenState: "0s",
        automaticTransitionFromOpenToHalfOpen: false,
      },
      bulkhead: { maxConcurrentCalls: 25, maxWait: "0ms", maxQueue: "unlimited" },
      rateLimiter: { limitForPeriod: 50, limitRefreshPeriod: "0.5us", timeoutDuration: "5s" },
    },
  },
  hystrix: {
    about:
      "A Hystrix command: a second, a thread pool of ten without a queue, and a breaker over ten seconds that tries one call after five. (Hystrix looks at its counts twice a second; ours decides with each.)",
    source: "Hystrix `HystrixCommandProperties`, `HystrixThreadPoolProperties`, `HystrixCircuitBreaker`",
    always: {
      timeout: "none",
      attemptTimeout: "1s",
      bulkhead: { maxConcurrentCalls: 10, maxWait: "0ms" },
      circuitBreaker: {
        failureRateThreshold: "50%",
        slidingWindow: { type: "time", size: "10s" },
        minimumNumberOfCalls: 20,
        waitDurationInOpenState: "5s",
        permittedNumberOfCallsInHalfOpenState: 1,
      },
    },
    parts: {},
  },
  polly: {
    about:
      "Polly v8: a timeout of 30 s; the other strategies as they are once they are added. Three retries at a constant 2 s, a breaker that opens at a tenth, one hedged attempt after 2 s, a thousand permits and nobody in line.",
    source:
      "Polly `TimeoutStrategyOptions`, `RetryStrategyOptions`, `CircuitBreakerStrategyOptions`, `HedgingStrategyOptions`, `ConcurrencyLimiterOptions`",
    always: { timeout: "none", attemptTimeout: "30s" },
    parts: {
      retry: {
        maxAttempts: 4,
        retryOn: EVERY_FAILURE,
        backoff: { initial: "2s", max: "2s", multiplier: 1, jitter: "none" },
      },
      circuitBreaker: {
        failureRateThreshold: "10%",
        slidingWindow: { type: "time", size: "30s" },
        minimumNumberOfCalls: 100,
        waitDurationInOpenState: "5s",
        permittedNumberOfCallsInHalfOpenState: 1,
      },
      hedge: { maxAttempts: 2, delay: "2s", nonFatal: EVERY_FAILURE },
      bulkhead: { maxConcurrentCalls: 1000, maxWait: "unlimited", maxQueue: 0 },
    },
  },
  finagle: {
    about:
      "A Finagle client: no timeouts, the less busy of two, and a retry budget of a fifth of the calls. An endpoint is dead after five failures in a row, or below a success rate of four fifths, until a probe of it succeeds. Backup requests, once they are asked for, are for the slowest hundredth.",
    source:
      "Finagle `Clients.rst`, `RetryBudget`, `BackupRequestFilter`, `FailureAccrualFactory`, `FailureAccrualPolicy`; `LoadBalancerFactory` (panic at 50 %)",
    always: {
      timeout: "none",
      attemptTimeout: "none",
      loadBalancer: { policy: "leastRequest", choiceCount: 2, panicThreshold: "50%" },
      failureAccrual: {
        consecutiveFailures: 5,
        successRate: { required: "80%", window: "30s", minimumRequests: 5 },
        markDeadFor: { initial: "5s", max: "300s" },
      },
    },
    parts: {
      retry: {
        retryOn: ["connection"],
        backoff: "none",
        budget: { type: "ratio", ratio: "20%", minPerSecond: 10, ttl: "10s" },
      },
      hedge: {
        maxAttempts: 2,
        delay: "p99",
        budget: { type: "ratio", ratio: "1%", minPerSecond: 0, ttl: "10s" },
      },
    },
  },
  "aws-sdk": {
    about:
      "The standard mode of the AWS SDKs: three attempts, full jitter from a second up to twenty, paid from a quota of 500.",
    source: "botocore `retries/standard.py`, `retries/quota.py`",
    always: {
      timeout: "none",
      retry: {
        maxAttempts: 3,
        retryOn: ["error", "timeout", "overload", "connection"],
        backoff: { initial: "1s", max: "20s", multiplier: 2, jitter: "full" },
        budget: { type: "quota", capacity: 500, retryCost: 5, timeoutCost: 10, refill: 1 },
      },
    },
    parts: {},
  },
} as const satisfies Record<string, Preset>;

const PROBE = {
  initialDelaySeconds: "0s",
  periodSeconds: "10s",
  timeoutSeconds: "1s",
  failureThreshold: 3,
  successThreshold: 1,
};

/** Under a service. */
export const SERVICE_PRESETS = {
  k8s: {
    about:
      "Pods of a Deployment: half a minute to finish, and a back-off from 10 s to five minutes for whoever died, by whatever. Probes and an autoscaler are as Kubernetes has them, once they are asked for. (Rollouts have its defaults without this.)",
    source:
      "Kubernetes core/v1 `PodSpec` (terminationGracePeriodSeconds) and `Probe`, pod lifecycle (CrashLoopBackOff); autoscaling/v2 `HorizontalPodAutoscalerSpec` (80 % of CPU where no metric is named) and `HPAScalingRules`, kube-controller-manager (sync period 15 s, tolerance 0.1)",
    always: {
      terminationGrace: "30s",
      restart: { backoff: { initial: "10s", max: "300s", multiplier: 2 }, jitter: "none" },
    },
    parts: {
      "probes.startup": PROBE,
      "probes.readiness": PROBE,
      "probes.liveness": PROBE,
      autoscaling: {
        metric: "utilization.cpu",
        target: "80%",
        min: 1,
        syncPeriod: "15s",
        tolerance: "10%",
        scaleUp: { stabilizationWindow: "0s", percent: "100%", instances: 4, period: "15s" },
        scaleDown: { stabilizationWindow: "300s", percent: "100%", instances: 0, period: "15s" },
      },
    },
  },
} as const satisfies Record<string, Preset>;

export const CALL_PRESET_NAMES = Object.keys(CALL_PRESETS) as (keyof typeof CALL_PRESETS)[];
export const SERVICE_PRESET_NAMES = Object.keys(SERVICE_PRESETS) as (keyof typeof SERVICE_PRESETS)[];

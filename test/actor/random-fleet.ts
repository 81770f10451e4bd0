// Fleets drawn at random: three services, of which each may call those after it, in every way there is.
import * as fc from "fast-check";
import type { CallPlan } from "../../harness/model/call-plan.ts";
import type { StepPlan, VariantPlan } from "../../harness/model/service-plan.ts";
import { call, together, variantPlan, wait, work } from "../service/variant-plan.ts";
import { calling } from "./fleet-plan.ts";

export const SERVICES = 3;

const always = fc.record({
  timeoutMs: fc.constantFrom(null, null, 120),
  attemptTimeoutMs: fc.constantFrom(null, 15, 40),
  retry: fc.constantFrom(null, null, {
    maxAttempts: 3,
    retryOn: ["error" as const, "timeout" as const, "connection" as const],
    backoff: { initialMs: 10, maxMs: 50, multiplier: 2, jitter: "full" as const, proportion: 0 },
    budget: null,
  }),
  circuitBreaker: fc.constantFrom(null, null, {
    failureRateThreshold: 0.5,
    slowCallRateThreshold: 1,
    slowCallDurationThresholdMs: 1000,
    slidingWindow: { type: "count" as const, size: 5 },
    minimumNumberOfCalls: 3,
    waitDurationInOpenStateMs: 50,
    permittedNumberOfCallsInHalfOpenState: 1,
    maxWaitDurationInHalfOpenStateMs: 0,
    automaticTransitionFromOpenToHalfOpen: true,
  }),
});

/** Defences that make calls wait, be refused, or have several attempts at a time. */
const sometimes = fc.record(
  {
    bulkhead: fc.record({
      maxConcurrentCalls: fc.constantFrom(1, 2),
      maxWaitMs: fc.constantFrom(0, 12, null),
      maxQueue: fc.constantFrom(1, null),
    }),
    hedge: fc.record({
      maxAttempts: fc.constantFrom(2, 3),
      delay: fc.constantFrom({ delayMs: 0 }, { delayMs: 8 }),
      nonFatal: fc.constantFrom([], ["error" as const, "timeout" as const]),
      budget: fc.constant(null),
    }),
    rateLimiter: fc.constant({ limitForPeriod: 2, limitRefreshPeriodMs: 20, timeoutMs: 50 }),
    throttle: fc.constant({ k: 1, windowMs: 600, maxRejectionRatio: 0.5 }),
  },
  { requiredKeys: [] },
);

/** Half of the policies have none of the latter. */
const policy: fc.Arbitrary<Partial<CallPlan>> = fc
  .tuple(always, fc.oneof(fc.constant({}), sometimes))
  .map(([all, some]) => ({ ...all, ...some }));

/** Steps of a service that may call those after it, by the policy of the same order. */
function stepsOf(callees: number): fc.Arbitrary<StepPlan[]> {
  const simple = fc.tuple(fc.constantFrom(work, wait), fc.constantFrom(0, 3, 10)).map(([make, ms]) => make(ms));
  if (callees === 0) return fc.array(simple, { minLength: 1, maxLength: 2 });
  const calls = fc
    .tuple(fc.nat(callees - 1), fc.boolean(), fc.nat(1000), fc.option(fc.constant([wait(5)]), { nil: null }))
    .map(([policy, optional, site, fallback]) => call(policy, { optional, site, fallback }));
  const branch = fc.array(fc.oneof(simple, calls), { maxLength: 2 });
  return fc.array(
    fc.oneof(
      simple,
      calls,
      fc.array(branch, { maxLength: 3 }).map((all) => together(...all)),
    ),
    { maxLength: 4 },
  );
}

/** Service `index` may call all with a higher one. */
function service(index: number): fc.Arbitrary<VariantPlan> {
  const callees = SERVICES - 1 - index;
  return fc
    .record({
      steps: stepsOf(callees),
      policies: fc.tuple(...Array.from({ length: callees }, () => policy)),
      model: fc.constantFrom("threads" as const, "async" as const),
      concurrency: fc.constantFrom(1, 3, null),
      queueCapacity: fc.constantFrom(1, null),
      scheduling: fc.constantFrom("shared" as const, "fifo" as const),
      onDeadline: fc.constantFrom("ignore" as const, "drop" as const, "cancel" as const),
      broken: fc.constantFrom(0, 0, 0.3),
    })
    .map(({ steps, policies, model, concurrency, queueCapacity, scheduling, onDeadline, broken }) =>
      variantPlan(steps, {
        pool: { model, concurrency, queueCapacity },
        cpu: { cores: null, scheduling },
        onDeadline,
        errors: broken === 0 ? [] : [{ share: broken, cause: "error", status: 500, operation: null, site: 5 }],
        calls: policies.map((policy, i) => calling(index + 1 + i, policy)),
      }),
    );
}

export const members: fc.Arbitrary<VariantPlan[]> = fc.tuple(service(0), service(1), service(2));

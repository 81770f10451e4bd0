// How a caller defends itself towards one callee. Composition, outer to inner: throttle, rate limiter, timeout, retry with
// its budget, hedge, error map, circuit breaker, bulkhead and limits, load balancer, connection pool, attempt timeout.
import * as z from "zod";
import { bulkheadSchema, limitsSchema } from "../policies/bulkhead.ts";
import { circuitBreakerSchema } from "../policies/circuit-breaker.ts";
import { connectionPoolSchema } from "../policies/connection-pool.ts";
import { errorMapSchema } from "../policies/error-map.ts";
import { failureAccrualSchema } from "../policies/failure-accrual.ts";
import { hedgeSchema } from "../policies/hedge.ts";
import { loadBalancerSchema } from "../policies/load-balancer-schema.ts";
import { outlierDetectionSchema } from "../policies/outlier-detection-schema.ts";
import { rateLimiterSchema } from "../policies/rate-limiter.ts";
import { retrySchema } from "../policies/retry.ts";
import { throttleSchema } from "../policies/throttle.ts";
import { orNone } from "../schema/absent.ts";
import { duration } from "../schema/duration.ts";
import { CALL_PRESET_NAMES } from "./presets.ts";

/** What may stand under an entry of `calls`, of a service or of a load. */
export const callSchema = z
  .strictObject({
    timeout: orNone(duration("request")).prefault("none").describe("The whole call with its retries."),
    attemptTimeout: orNone(duration("request")).prefault("1s").describe("Each try."),
    retry: orNone(retrySchema).prefault("none").describe("Tries a failed call again; `none` by default."),
    circuitBreaker: orNone(circuitBreakerSchema)
      .prefault("none")
      .describe("Refuses calls after too many failed or slow attempts."),
    loadBalancer: loadBalancerSchema.prefault({}).describe("Spreads attempts over the callee's instances."),
    throttle: orNone(throttleSchema).prefault("none").describe("Refuses calls as the callee turns them away."),
    rateLimiter: orNone(rateLimiterSchema).prefault("none").describe("Lets so many calls out in a period."),
    hedge: orNone(hedgeSchema).prefault("none").describe("Sends another attempt while the first is still out."),
    mapErrors: orNone(errorMapSchema).prefault("none").describe("Hands failures on as something else."),
    bulkhead: orNone(bulkheadSchema).prefault("none").describe("Limits the attempts that are out at a time."),
    limits: orNone(limitsSchema).prefault("none").describe("Envoy's caps on what is under way."),
    outlierDetection: orNone(outlierDetectionSchema)
      .prefault("none")
      .describe("Takes endpoints out of the rotation that fail while others do not; `none` by default."),
    failureAccrual: orNone(failureAccrualSchema)
      .prefault("none")
      .describe("Finagle's way to do that, instead of outlier detection; `none` by default."),
    connectionPool: orNone(connectionPoolSchema).prefault("none").describe("Limits the connections to each endpoint."),
    sticky: z
      .enum(["instance"])
      .optional()
      .describe(
        "Under the calls of a load with `clients` or `users`: a user stays on the instance that answered last, until the " +
          "connection breaks or the instance leaves. Clients with sessions notice either at once.",
      ),
    preset: z
      .enum(CALL_PRESET_NAMES)
      .optional()
      .describe(
        "A library whose defaults hold where nothing else is written: see [presets](presets.md). What it leaves off stays off until it is written, if only as `{}`.",
      ),
  })
  .meta({ id: "call" });

export type WrittenCall = z.output<typeof callSchema>;

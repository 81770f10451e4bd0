// Written `outlierDetection`; the output becomes an OutlierDetectionPlan at a pace. Defaults of Envoy, but for one: by its
// arithmetic fewer than ten endpoints are never ejected, so that here one always may be, as in gRPC.
import * as z from "zod";
import { orNone } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { factor, ratio } from "../schema/ratio.ts";

const successRateSchema = z
  .strictObject({
    minimumHosts: count(1).prefault(5).describe("Rates of fewer endpoints are not compared. Envoy: 5."),
    requestVolume: count(1).prefault(100).describe("An endpoint with fewer results is not judged. Envoy: 100."),
    stdevFactor: factor()
      .prefault(1.9)
      .describe("Ejected below the mean less so many standard deviations (of all that are judged). Envoy: 1.9."),
  })
  .describe("Ejects whose success rate over an interval lies far below the others'.");

const failurePercentageSchema = z
  .strictObject({
    threshold: ratio().prefault("85%").describe("Ejected from this share of failures on. Envoy: 85%."),
    minimumHosts: count(1).prefault(5).describe("Nobody is ejected where fewer can be judged. Envoy: 5."),
    requestVolume: count(1).prefault(50).describe("An endpoint with fewer results is not judged. Envoy: 50."),
  })
  .describe("Ejects who fails so many of its requests of an interval, whatever the others do.");

export const outlierDetectionSchema = z
  .strictObject({
    consecutive5xx: orNone(count(1))
      .prefault(5)
      .describe("Ejected after so many failures in a row: errors, timeouts, overload, lost connections. Envoy: 5."),
    consecutiveGatewayFailure: orNone(count(1))
      .prefault("none")
      .describe(
        "The same, of failures but error answers: overload, timeouts, lost connections. Envoy: 5, not enforced.",
      ),
    interval: duration("control")
      .prefault("10s")
      .describe("How often rates are compared and ejections end. Envoy: 10s."),
    baseEjectionTime: duration("control")
      .prefault("30s")
      .describe("How long the first ejection lasts at least; each relapse adds as much. Envoy: 30s."),
    maxEjectionTime: duration("control").prefault("300s").describe("No ejection lasts longer. Envoy: 300s."),
    maxEjectionRatio: ratio()
      .prefault("10%")
      .describe("No more than this part of the endpoints is ejected. Envoy: 10%."),
    alwaysEjectOne: z
      .boolean()
      .default(true)
      .describe("One may be ejected though it is more than that part. gRPC: always; Envoy: false by default."),
    successRate: orNone(successRateSchema).prefault({}).describe("Compares success rates; `none`: does not."),
    failurePercentage: orNone(failurePercentageSchema)
      .prefault("none")
      .describe("Judges failure rates alone. Envoy knows it and does not enforce it."),
  })
  .transform((written) => ({
    consecutive5xx: written.consecutive5xx,
    consecutiveGatewayFailure: written.consecutiveGatewayFailure,
    intervalMs: written.interval,
    baseEjectionTimeMs: written.baseEjectionTime,
    maxEjectionTimeMs: written.maxEjectionTime,
    maxEjectionRatio: written.maxEjectionRatio,
    alwaysEjectOne: written.alwaysEjectOne,
    successRate: written.successRate,
    failurePercentage: written.failurePercentage,
  }))
  .describe("Takes endpoints out of the rotation that fail while others do not. Names and semantics of Envoy.");

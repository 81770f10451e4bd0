// How many attempts towards one callee a caller has under way at a time: bulkheads and limits, as lines to pass.
// Sources: Resilience4j `SemaphoreBulkhead` (maxConcurrentCalls, maxWait; fair), Hystrix thread pools and Polly's
// concurrency limiter (a bounded queue), Envoy `cluster.v3.CircuitBreakers` (limits).
import * as z from "zod";
import type { BulkheadPlan, CallPlan, LimitsPlan } from "../model/call-plan.ts";
import { orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import type { CallTable } from "./call-table.ts";
import { Line } from "./line.ts";
import { Permits } from "./permits.ts";
import type { SlotTimers } from "./slot-timers.ts";

/** Written `bulkhead`; the output is a BulkheadPlan. */
export const bulkheadSchema = z
  .strictObject({
    maxConcurrentCalls: count(1).prefault(25).describe("Attempts that are out at a time."),
    maxWait: orUnlimited(duration("request"))
      .prefault("0ms")
      .describe(
        "How long an attempt waits in line for another to end; `unlimited` waits as long as its call may take.",
      ),
    maxQueue: orUnlimited(count()).prefault("unlimited").describe("How many may wait in line."),
  })
  .transform((written): BulkheadPlan => ({
    maxConcurrentCalls: written.maxConcurrentCalls,
    maxWaitMs: written.maxWait,
    maxQueue: written.maxQueue,
  }))
  .describe("Limits how much of the caller one callee can hold (`bulkheadFull`). Names of Resilience4j.");

/** Written `limits`; the output is a LimitsPlan. */
export const limitsSchema = z
  .strictObject({
    maxConnections: orUnlimited(count(1))
      .prefault(1024)
      .describe("Attempts that are out at a time, one on a connection; more are pending."),
    maxPendingRequests: orUnlimited(count())
      .prefault(1024)
      .describe("Attempts that wait for a connection; more are refused."),
    maxRequests: orUnlimited(count(1)).prefault(1024).describe("Attempts that are out at a time; more are refused."),
    maxRetries: orUnlimited(count())
      .prefault(3)
      .describe("Retries that are active at a time; `retry.budget` takes its place."),
  })
  .transform((written): LimitsPlan => written)
  .describe("Envoy's caps on what is under way (`bulkheadFull`): what it calls circuit breakers.");

/** What an attempt has to pass by this plan; null = nothing. */
export function permitsOf({ bulkhead, limits }: CallPlan, table: CallTable, timers: SlotTimers): Permits | null {
  const lines: Line[] = [];
  if (bulkhead !== undefined) {
    const { maxConcurrentCalls, maxQueue, maxWaitMs } = bulkhead;
    lines.push(new Line(table, maxConcurrentCalls, maxQueue ?? Infinity, maxWaitMs ?? Infinity));
  }
  if (limits !== undefined) {
    lines.push(new Line(table, limits.maxConnections ?? Infinity, limits.maxPendingRequests ?? Infinity, Infinity));
    lines.push(new Line(table, limits.maxRequests ?? Infinity, 0, 0));
  }
  return lines.length === 0 ? null : new Permits(lines, table, timers);
}

// Logging shares the instance's cores with its requests and delays none by itself: each failure adds work beside them,
// so that the slower a callee is, the less its callers get done for anybody.
// Source: D. Poblador i Garcia, "Incident Management at Spotify" (2013): excessive error logging about one optional
// service made the access points unresponsive; limits on logging were among the remedies.
import * as z from "zod";
import type { LoggingPlan } from "../model/logging-plan.ts";
import { orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import type { Cpu } from "./cpu.ts";
import { type Strands, WORKING } from "./strands.ts";

/** Written `logging`; the output is a LoggingPlan. */
export const loggingSchema = z
  .strictObject({
    perFailure: count()
      .prefault(1)
      .describe(
        "Lines for each call of its own that fails, whatever becomes of the request. A call that is retried fails once.",
      ),
    cost: duration("request").describe(
      "CPU work of a line, on the cores that the requests work on. Where there are as many cores as requests, they feel nothing of it.",
    ),
    maxPending: orUnlimited(count())
      .prefault("unlimited")
      .describe("Lines of an instance that may wait to be written; more are dropped: a limit on logging."),
  })
  .transform((written) => ({
    perFailure: written.perFailure,
    costMs: written.cost,
    maxPending: written.maxPending,
  }))
  .describe("What failures cost beside the requests: lines that are written on the same cores.");

/** The visit of a strand that works for none. */
export const NO_VISIT = -1;

export class Logging {
  /** Since the last `reset`. */
  written = 0;
  dropped = 0;
  pendingMs = 0;
  readonly #plan: LoggingPlan;
  readonly #strands: Strands;
  readonly #cpu: Cpu;
  #pending = 0;
  #observedMs: number;

  constructor(plan: LoggingPlan, strands: Strands, cpu: Cpu, startMs: number) {
    this.#plan = plan;
    this.#strands = strands;
    this.#cpu = cpu;
    this.#observedMs = startMs;
  }

  /** A call has failed: its lines are written together, as far as there is room for all of them. */
  failed(nowMs: number): void {
    const { perFailure, costMs, maxPending } = this.#plan;
    if (maxPending !== null && this.#pending + perFailure > maxPending) {
      this.dropped += perFailure;
      return;
    }
    const workMs = perFailure * costMs;
    if (workMs === 0) {
      this.written += perFailure;
      return;
    }
    this.observe(nowMs);
    this.#pending += perFailure;
    const strand = this.#strands.allocate(NO_VISIT, -1, -1);
    this.#strands.state[strand] = WORKING;
    this.#cpu.add(nowMs, strand, workMs);
  }

  /** The lines of a strand are written. */
  done(nowMs: number, strand: number): void {
    this.observe(nowMs);
    this.#strands.release(strand, strand);
    this.#pending -= this.#plan.perFailure;
    this.written += this.#plan.perFailure;
  }

  /** Brings the integral of pending lines up to now. */
  observe(nowMs: number): void {
    if (nowMs <= this.#observedMs) return;
    this.pendingMs += this.#pending * (nowMs - this.#observedMs);
    this.#observedMs = nowMs;
  }

  /** The counters were read. */
  reset(): void {
    this.written = 0;
    this.dropped = 0;
    this.pendingMs = 0;
  }
}

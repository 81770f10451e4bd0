// The queue of one instance: who waits for a first worker, who is next, and who has waited too long.
//
// A queue stands when it has not been empty for a while: it holds more than a burst that passes by itself. Then CoDel
// lets arrivals wait only briefly, and adaptive LIFO serves the newest, whose caller is the likeliest to be waiting.
// Source: Maurer, "Fail at Scale", ACM Queue 13(8), 2015: `timeout = lastEmptyTime < now − N ? M : N`, M 5 ms, N 100 ms.
import * as z from "zod";
import { WakeHeap } from "../core/wake-heap.ts";
import type { QueuePlan } from "../model/queue-plan.ts";
import { orNone, orUnlimited } from "../schema/absent.ts";
import { count } from "../schema/count.ts";
import { duration } from "../schema/duration.ts";
import { Line } from "./line.ts";

/** Written `pool.queue`. */
export const queueSchema = z.strictObject({
  capacity: orUnlimited(count())
    .prefault("unlimited")
    .describe("Requests that may wait for a worker; more are rejected."),
  discipline: z
    .enum(["fifo", "lifo", "adaptiveLifo"])
    .default("fifo")
    .describe(
      "Who is next: the oldest, the newest, or (`adaptiveLifo`, Facebook's) the newest while the queue stands and else the oldest.",
    ),
  standingAfter: duration("request")
    .prefault("100ms")
    .describe("A queue that was last empty longer ago than this stands. Facebook's N; for `adaptiveLifo` and `codel`."),
  codel: orNone(
    z.strictObject({
      target: duration("request")
        .prefault("5ms")
        .describe("How long who arrives at a standing queue may wait. Facebook's M."),
    }),
  )
    .prefault("none")
    .describe(
      "Controlled delay as Facebook does it: who arrives at a standing queue may wait for `target`, else for `standingAfter`; longer waits end with `rejected(overload)`.",
    ),
  timeout: orNone(duration("request"))
    .prefault("none")
    .describe("The longest that anybody waits for a worker; who waits longer is rejected."),
});

export class Queue {
  readonly #discipline: QueuePlan["discipline"];
  readonly #standingAfterMs: number;
  readonly #targetMs: number;
  readonly #timeoutMs: number;
  readonly #line = new Line();
  /** Who waits too long, and when; null where everybody may wait for ever. */
  readonly #expiries: WakeHeap | null;
  /** When the queue was last empty, as long as it is not. */
  #lastEmptyMs = 0;

  /** Without a plan: first in, first out, for ever. */
  constructor(plan: QueuePlan | undefined) {
    this.#discipline = plan?.discipline ?? "fifo";
    this.#standingAfterMs = plan?.standingAfterMs ?? Infinity;
    this.#targetMs = plan?.codelTargetMs ?? Infinity;
    this.#timeoutMs = plan?.timeoutMs ?? Infinity;
    this.#expiries = this.#targetMs < Infinity || this.#timeoutMs < Infinity ? new WakeHeap() : null;
  }

  get length(): number {
    return this.#line.length;
  }

  join(nowMs: number, visit: number): void {
    if (this.#line.length === 0) this.#lastEmptyMs = nowMs;
    this.#line.join(visit);
    this.#expiries?.set(visit, nowMs + this.#patienceMs(nowMs));
  }

  /** Who is to get the worker that is free, or NOBODY; it stays in the queue until it leaves. */
  next(nowMs: number): number {
    const isNewestFirst =
      this.#discipline === "lifo" || (this.#discipline === "adaptiveLifo" && this.#isStanding(nowMs));
    return isNewestFirst ? this.#line.newest : this.#line.oldest;
  }

  /** A visit that waits leaves, to start or to end. */
  leave(visit: number): void {
    this.#line.leave(visit);
    this.#expiries?.remove(visit);
  }

  /** When the next visit will have waited too long; Infinity = none will. */
  nextExpiry(): number {
    return this.#expiries === null ? Infinity : this.#expiries.topTime;
  }

  /** The visit that `nextExpiry` is about. */
  get nextToExpire(): number {
    return this.#expiries!.topId;
  }

  #patienceMs(nowMs: number): number {
    if (this.#targetMs === Infinity) return this.#timeoutMs;
    return Math.min(this.#timeoutMs, this.#isStanding(nowMs) ? this.#targetMs : this.#standingAfterMs);
  }

  #isStanding(nowMs: number): boolean {
    return this.#lastEmptyMs < nowMs - this.#standingAfterMs;
  }
}

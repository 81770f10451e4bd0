// Who waits, who is next and who has waited too long, against a queue that keeps everybody in a list.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueuePlan } from "../../harness/model/queue-plan.ts";
import { OK, OVERLOAD } from "../../harness/model/outcome.ts";
import { NOBODY } from "../../harness/service/line.ts";
import { Queue } from "../../harness/service/queue.ts";
import { LoneInstance, NOTHING, SELF } from "./lone-instance.ts";
import { variantPlan, work } from "./variant-plan.ts";

const PLAIN: QueuePlan = { discipline: "fifo", standingAfterMs: 100, codelTargetMs: null, timeoutMs: null };

function queueing(changes: Partial<QueuePlan>): LoneInstance {
  const pool = { model: "threads", concurrency: 1, queueCapacity: null, queue: { ...PLAIN, ...changes } } as const;
  return new LoneInstance(variantPlan([work(10)], { pool }));
}

function arriveAt(instance: LoneInstance, atMs: number, ...keys: number[]): void {
  instance.pass(atMs);
  for (const key of keys) instance.arrive({ key });
}

describe("a queue", () => {
  it("lifo serves the newest first", () => {
    const instance = queueing({ discipline: "lifo" });
    arriveAt(instance, 0, 1, 2, 3, 4);
    arriveAt(instance, 15, 5);
    instance.pass(100);
    expect(instance.outcomes.map(([key]) => key)).toEqual([1, 4, 5, 3, 2]);
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("adaptiveLifo serves the oldest first, until the queue has not been empty for a while", () => {
    const instance = queueing({ discipline: "adaptiveLifo", standingAfterMs: 25 });
    arriveAt(instance, 0, 1, 2, 3, 4, 5, 6);
    // The queue was last empty at 0: at 10 and 20 it may still be a burst, after 25 it stands.
    arriveAt(instance, 28, 7, 8);
    instance.pass(75);
    expect(instance.outcomes.map(([key]) => key)).toEqual([1, 2, 3, 8, 7, 6, 5]);
    // It was empty when the worker took the last one: the next queue is a new one.
    arriveAt(instance, 85, 11, 12);
    instance.pass(200);
    expect(instance.outcomes.map(([key]) => key).slice(7)).toEqual([4, 11, 12]);
  });

  it("with a timeout turns away who has waited for it, at that moment", () => {
    const instance = queueing({ timeoutMs: 25 });
    arriveAt(instance, 0, 1, 2, 3, 4);
    instance.pass(200);
    expect(instance.outcomes).toEqual([
      [1, 10, OK],
      [2, 20, OK],
      [4, 25, OVERLOAD],
      [3, 30, OK],
    ]);
    expect(instance.ended[2]).toMatchObject({ status: 503, origin: [SELF, OVERLOAD] });
    expect(instance.leaks()).toEqual(NOTHING);
  });

  it("at the moment at which somebody has waited too long, a worker that becomes free is still theirs", () => {
    const instance = queueing({ timeoutMs: 10 });
    arriveAt(instance, 0, 1, 2);
    instance.pass(100);
    expect(instance.outcomes).toEqual([
      [1, 10, OK],
      [2, 20, OK],
    ]);
  });

  it("counts what its callers gave up before it was turned away", () => {
    const instance = queueing({ timeoutMs: 25 });
    instance.arrive({ key: 1, deadlineMs: 5 });
    for (const key of [2, 3, 4]) instance.arrive({ key, deadlineMs: 5 });
    instance.pass(100);
    expect(instance.machine.meters.abandonedOwn).toBe(4);
  });

  it("makes up for a standstill in the order in which things were due", () => {
    const instance = queueing({ timeoutMs: 25 });
    arriveAt(instance, 0, 1, 2, 3);
    instance.standStill(60);
    expect(instance.outcomes).toEqual([
      [2, 60, OVERLOAD],
      [3, 60, OVERLOAD],
    ]);
    instance.pass(100);
    expect(instance.outcomes.at(-1)).toEqual([1, 70, OK]);
  });
});

describe("CoDel as Facebook does it", () => {
  // onNewRequest: timeout = lastEmptyTime < now − N ? M : N, with M = 5 ms and N = 100 ms.
  it("lets arrivals wait for N, and for M once the queue has not been empty for N", () => {
    const queue = new Queue({ ...PLAIN, codelTargetMs: 5 });
    queue.join(1000, 1);
    expect(queue.nextExpiry()).toBe(1100);
    queue.join(1100, 2);
    expect(queue.nextExpiry()).toBe(1100);
    queue.leave(1);
    expect(queue.nextExpiry()).toBe(1200);
    queue.join(1100.5, 3);
    expect([queue.nextExpiry(), queue.nextToExpire]).toEqual([1105.5, 3]);
    queue.leave(2);
    queue.leave(3);
    expect(queue.nextExpiry()).toBe(Infinity);
    // Empty since then: what comes now is a burst again, however soon.
    queue.join(1101, 4);
    expect(queue.nextExpiry()).toBe(1201);
  });
});

describe("any history of a queue", () => {
  const step = fc.record({
    afterMs: fc.constantFrom(0, 0, 1, 3, 10),
    do: fc.constantFrom("join", "join", "serve", "leave"),
    which: fc.nat(100),
  });
  const anyPlan = fc.record({
    discipline: fc.constantFrom("fifo" as const, "lifo" as const, "adaptiveLifo" as const),
    standingAfterMs: fc.constantFrom(0, 7, 30),
    codelTargetMs: fc.constantFrom(null, 0, 2),
    timeoutMs: fc.constantFrom(null, 5, 12),
  });

  it("is that of a queue which keeps everybody in a list", () => {
    fc.assert(
      fc.property(anyPlan, fc.array(step, { maxLength: 150 }), (plan, steps) => {
        const queue = new Queue(plan);
        const slow = new SlowQueue(plan);
        let nowMs = 0;
        let last = 0;
        for (const { afterMs, do: action, which } of steps) {
          nowMs += afterMs;
          for (; queue.nextExpiry() <= nowMs; queue.leave(queue.nextToExpire)) {
            const due = slow.expired(nowMs)[0];
            expect([queue.nextExpiry(), queue.nextToExpire]).toEqual([due?.dueMs, due?.visit]);
            slow.leave(queue.nextToExpire);
          }
          expect(slow.expired(nowMs)).toEqual([]);
          if (action === "join") {
            queue.join(nowMs, ++last);
            slow.join(nowMs, last);
          } else if (slow.waiting.length > 0) {
            const visit = action === "serve" ? slow.next(nowMs) : slow.waiting[which % slow.waiting.length]!.visit;
            if (action === "serve") expect(queue.next(nowMs)).toBe(visit);
            queue.leave(visit);
            slow.leave(visit);
          } else expect(queue.next(nowMs)).toBe(NOBODY);
          expect(queue.length).toBe(slow.waiting.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** The definition, written out: everybody in a list, in the order of arrival. */
class SlowQueue {
  readonly #plan: QueuePlan;
  waiting: { visit: number; dueMs: number }[] = [];
  #emptyMs = 0;

  constructor(plan: QueuePlan) {
    this.#plan = plan;
  }

  join(nowMs: number, visit: number): void {
    if (this.waiting.length === 0) this.#emptyMs = nowMs;
    const { codelTargetMs, standingAfterMs, timeoutMs } = this.#plan;
    const limits = [timeoutMs ?? Infinity];
    if (codelTargetMs !== null) limits.push(this.#stands(nowMs) ? codelTargetMs : standingAfterMs);
    this.waiting.push({ visit, dueMs: nowMs + Math.min(...limits) });
  }

  next(nowMs: number): number {
    const { discipline } = this.#plan;
    const isNewest = discipline === "lifo" || (discipline === "adaptiveLifo" && this.#stands(nowMs));
    return this.waiting.at(isNewest ? -1 : 0)!.visit;
  }

  leave(visit: number): void {
    this.waiting = this.waiting.filter((each) => each.visit !== visit);
  }

  /** Those whose time is over, the earliest first; among equals in the order of arrival. */
  expired(nowMs: number): { visit: number; dueMs: number }[] {
    return this.waiting.filter(({ dueMs }) => dueMs <= nowMs).toSorted((a, b) => a.dueMs - b.dueMs);
  }

  #stands(nowMs: number): boolean {
    return this.#emptyMs < nowMs - this.#plan.standingAfterMs;
  }
}

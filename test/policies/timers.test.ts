import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DueQueue } from "../../harness/policies/timers.ts";

const SLOTS = 8;

/** All entries in a list, sorted when asked. */
class SlowQueue {
  #entries: { dueMs: number; slot: number; serial: number }[] = [];

  add(dueMs: number, slot: number, serial: number): void {
    this.#entries.push({ dueMs, slot, serial });
  }

  nextDue(serials: Int32Array): number {
    this.#entries = this.#entries.filter((entry) => serials[entry.slot] === entry.serial);
    return Math.min(Infinity, ...this.#entries.map((entry) => entry.dueMs));
  }

  pop(): number {
    const dueMs = Math.min(...this.#entries.map((entry) => entry.dueMs));
    const place = this.#entries.findIndex((entry) => entry.dueMs === dueMs);
    return place === -1 ? -1 : this.#entries.splice(place, 1)[0]!.slot;
  }
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      slot: fc.nat(SLOTS - 1),
      delayMs: fc.constantFrom(5, 5, 5, 0, 1, 3, 20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), slot: fc.nat(SLOTS - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pop" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 4 }) }) },
);

describe("due queue", () => {
  it("behaves as a sorted list in which dead entries are crossed out", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new DueQueue();
        const slow = new SlowQueue();
        const serials = new Int32Array(SLOTS);
        let nowMs = 0;
        for (const action of steps) {
          if (action.do === "add") {
            queue.add(nowMs + action.delayMs, action.slot, serials[action.slot]!);
            slow.add(nowMs + action.delayMs, action.slot, serials[action.slot]!);
          } else if (action.do === "cancel") serials[action.slot]!++;
          else if (action.do === "wait") nowMs += action.ms;
          else {
            expect(queue.nextDue(serials)).toBe(slow.nextDue(serials));
            expect(queue.pop()).toBe(slow.pop());
          }
        }
        for (let dueMs = queue.nextDue(serials); dueMs < Infinity; dueMs = queue.nextDue(serials)) {
          expect(slow.nextDue(serials)).toBe(dueMs);
          expect(queue.pop()).toBe(slow.pop());
        }
        expect(slow.nextDue(serials)).toBe(Infinity);
      }),
      { numRuns: 500 },
    );
  });

  it("gives equal due times in the order in which they were added, from ring and heap alike", () => {
    const queue = new DueQueue();
    const serials = new Int32Array(4);
    queue.add(5, 0, 0);
    queue.add(9, 1, 0);
    queue.add(5, 2, 0);
    queue.add(9, 3, 0);
    const slots: number[] = [];
    while (queue.nextDue(serials) < Infinity) slots.push(queue.pop());
    expect(slots).toEqual([0, 2, 1, 3]);
  });

  it("says when nothing is due", () => {
    const queue = new DueQueue();
    expect(queue.nextDue(new Int32Array(1))).toBe(Infinity);
    expect(queue.pop()).toBe(-1);
  });

  it("does not grow with timers that were cancelled", () => {
    const queue = new DueQueue();
    const serials = new Int32Array(4);
    for (let i = 0; i < 100_000; i++) {
      queue.add(i + 1000, i & 3, serials[i & 3]!);
      serials[i & 3]!++;
      queue.nextDue(serials);
    }
    expect(queue.size).toBe(0);
  });

  it("keeps its order over growth past every capacity", () => {
    const queue = new DueQueue();
    const serials = new Int32Array(1);
    for (let i = 0; i < 1000; i++) queue.add(i % 2 === 0 ? 10_000 + i : 5000 - i, 0, 0);
    let last = -Infinity;
    for (let i = 0; i < 1000; i++) {
      const dueMs = queue.nextDue(serials);
      expect(dueMs).toBeGreaterThanOrEqual(last);
      last = dueMs;
      queue.pop();
    }
    expect(queue.size).toBe(0);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { WakeHeap } from "../../harness/core/wake-heap.ts";

/** The slow and obvious twin: waiting ids in the order in which they were set. */
class Twin {
  #waiting: { id: number; time: number }[] = [];

  set(id: number, time: number): void {
    this.remove(id);
    if (time !== Infinity) this.#waiting.push({ id, time });
  }

  remove(id: number): void {
    this.#waiting = this.#waiting.filter((one) => one.id !== id);
  }

  get top(): { id: number; time: number } {
    const byTime = this.#waiting.toSorted((a, b) => a.time - b.time);
    return byTime[0] ?? { id: -1, time: Infinity };
  }

  get size(): number {
    return this.#waiting.length;
  }
}

const id = fc.integer({ min: 0, max: 40 });
const time = fc.oneof(
  fc.integer({ min: 0, max: 8 }),
  fc.double({ noNaN: true, min: 0, max: 1e6 }),
  fc.constant(Infinity),
);
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("set" as const), id, time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wake" as const) }) },
);

test("the heap wakes the same ids at the same times as a sorted list, equal times in the order they were set", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(action, { maxLength: 300 }), (capacity, actions) => {
      const heap = new WakeHeap(capacity);
      const twin = new Twin();
      for (const step of actions) {
        if (step.kind === "set") {
          heap.set(step.id, step.time);
          twin.set(step.id, step.time);
        } else if (step.kind === "remove") {
          heap.remove(step.id);
          twin.remove(step.id);
        } else if (heap.topId >= 0) {
          twin.remove(heap.topId);
          heap.remove(heap.topId);
        }
        expect({ id: heap.topId, time: heap.topTime }).toEqual(twin.top);
        expect(heap.size).toBe(twin.size);
      }
    }),
    { numRuns: 300 },
  );
});

test("nobody waits in a new heap", () => {
  const heap = new WakeHeap();
  heap.remove(1000);
  expect([heap.topId, heap.topTime, heap.size]).toEqual([-1, Infinity, 0]);
});

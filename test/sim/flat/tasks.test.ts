// The tasks against a list that is sorted whole: which strand is done first, whatever was added and withdrawn, in the
// heap, in the wheel and between them.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as STRAND_REAL from "../../../harness/sim/flat/fields/strand-real.ts";
import { REAL_SHIFT } from "../../../harness/sim/flat/fields/widths.ts";
import { allocate, clear, CLOCK, COUNT, NOW, REAL, TASK, TASKS } from "../../../harness/sim/flat/memory.ts";
import { addTask, firstTask, removeTask, takeTask } from "../../../harness/sim/flat/tasks.ts";

interface Task {
  readonly strand: number;
  readonly ms: number;
  readonly rank: number;
  readonly order: number;
}

/** Adds, takes and withdraws as told; returns whether the heap, and whether the wheel, ever held anybody. */
function act(steps: readonly (readonly [what: "add" | "take" | "withdraw", timeMs: number, rank: number])[]) {
  clear();
  CLOCK[NOW] = 0;
  const tasks: Task[] = [];
  let [heap, wheel] = [false, false];
  steps.forEach(([what, timeMs, rank], order) => {
    tasks.sort((a, b) => a.ms - b.ms || a.rank - b.rank || a.order - b.order);
    const first = tasks[0];
    if (first !== undefined) expect(firstTask()).toBe(first.strand);
    expect(CLOCK[TASK]).toBe(first?.ms ?? Infinity);
    if (what === "add") {
      const strand = allocate();
      REAL[(strand >> REAL_SHIFT) + STRAND_REAL.timeMs] = timeMs;
      addTask(strand, rank);
      tasks.push({ strand, ms: CLOCK[NOW]! + timeMs, rank, order });
    } else if (first !== undefined) {
      const at = what === "take" ? 0 : Math.floor((timeMs * 7919) % tasks.length);
      const [{ strand, ms }] = tasks.splice(at, 1) as [Task];
      if (what === "withdraw") removeTask(strand);
      else {
        CLOCK[NOW] = ms;
        expect(takeTask()).toBe(strand);
      }
    }
    heap ||= COUNT[TASKS]! > 0;
    wheel ||= COUNT[TASKS]! < tasks.length;
  });
  clear();
  return { heap, wheel };
}

/** Few different times, so that many are equal; of the length of a slot, of the wheel, and far beyond it. */
const timeMs = fc.oneof(
  fc.constantFrom(0.125, 0.5, 1, 10, 127.875, 128, 5000),
  fc.double({ min: 0.01, max: 20, noNaN: true }),
  fc.double({ min: 100, max: 400, noNaN: true }),
  fc.constant(1e12),
);
const step = fc.tuple(fc.constantFrom("add", "add", "add", "add", "take", "take", "withdraw"), timeMs, fc.nat(3));

test("whoever is done first is taken first, equal times by rank and then in order", () => {
  let both = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 400, size: "max" }), (steps) => {
      const { heap, wheel } = act(steps);
      if (heap && wheel) both++;
    }),
    { numRuns: 200 },
  );
  expect(both).toBeGreaterThan(100);
});

test("thousands that are done at the same moment, and the ring of the wheel many times around", () => {
  const crowd = Array.from({ length: 3000 }, (_, at) => ["add", 10, at % 3] as const);
  const leave = Array.from({ length: 3000 }, () => ["take", 0, 0] as const);
  expect(act([...crowd, ...leave])).toEqual({ heap: true, wheel: true });
  const around = Array.from({ length: 5000 }, (_, at) => ["add", ((at * 37) % 1000) / 8 + 0.01, 0] as const);
  expect(act(around.flatMap((one, at) => (at < 100 ? [one] : [one, leave[0]!])))).toEqual({ heap: true, wheel: true });
});

import fc from "fast-check";
import { expect, it, test } from "vitest";
import { Memory } from "../../harness/service/memory.ts";
import { memoryPlan } from "./life-plan.ts";

it("is full with more requests than fit, and not with as many", () => {
  const memory = new Memory(memoryPlan(), 0);
  expect(memory.usedBytes(5000, 6)).toBe(100);
  expect(memory.fullMs(5000, 6)).toBe(Infinity);
  expect(memory.fullMs(5000, 7)).toBe(5000);
});

it("is filled by a leak, the sooner the more requests are held", () => {
  const memory = new Memory(memoryPlan({ leakBytesPerMs: 0.01 }), 1000);
  expect(memory.fullMs(1000, 0)).toBe(7000);
  expect(memory.fullMs(1000, 3)).toBe(4000);
  expect(memory.fullMs(4000, 3)).toBe(4000);
});

test("its integral is that of what is in use, summed over small steps", () => {
  const held = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(held, fc.integer({ min: 0, max: 1000 }), (requests, startMs) => {
      const memory = new Memory(memoryPlan({ leakBytesPerMs: 0.5 }), startMs);
      // What is in use runs straight within a step, so its middle is its mean.
      const summed = requests.reduce(
        (sum, count, step) => sum + 2 * memory.usedBytes(startMs + 2 * step + 1, count),
        0,
      );
      const inSystemMs = requests.reduce((sum, count) => sum + 2 * count, 0);
      expect(memory.integral(startMs, startMs + 2 * requests.length, inSystemMs)).toBeCloseTo(summed, 6);
    }),
  );
});

it("leaks more while a fault makes it, keeps what is lost, and its integral knows", () => {
  const memory = new Memory(memoryPlan({ leakBytesPerMs: 0.01 }), 0);
  memory.leak(1000, 0.02);
  expect(memory.usedBytes(1500, 0)).toBe(40 + 15 + 10);
  // 50 bytes are left, and 0.03 a millisecond go.
  expect(memory.fullMs(1000, 0)).toBeCloseTo(1000 + 50 / 0.03, 9);
  expect(memory.integral(1000, 1500, 0)).toBeCloseTo(500 * (40 + 12.5 + 5), 6);
  memory.leak(1500, 0);
  expect(memory.usedBytes(2500, 1)).toBe(40 + 10 + 25 + 10);
});

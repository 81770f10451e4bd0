import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Lanes } from "../../harness/sim/lanes.ts";

it("lanes of equal delay are one lane", () => {
  const lanes = new Lanes();
  expect(lanes.laneOf(5)).toBe(lanes.laneOf(5));
  expect(lanes.laneOf(0)).not.toBe(lanes.laneOf(5));
});

it("messages arrive in order of time, and those of one instant in the order in which they were sent", () => {
  const move = fc.oneof(
    { weight: 3, arbitrary: fc.record({ lane: fc.nat(2), afterMs: fc.constantFrom(0, 0, 1, 5) }) },
    { weight: 2, arbitrary: fc.constant("shift" as const) },
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 2000, size: "max" }), (moves) => {
      const lanes = new Lanes();
      const numbers = [0, 1, 5].map((delayMs) => lanes.laneOf(delayMs));
      const delays = [0, 1, 5];
      const slow: { readonly dueMs: number; readonly message: number }[] = [];
      let nowMs = 0;
      let sent = 0;
      const next = (): void => {
        // Sorting is stable, so equal times stay in the order of sending.
        slow.sort((a, b) => a.dueMs - b.dueMs);
        const first = slow.shift();
        expect(lanes.earliest()).toBe(first?.dueMs ?? Infinity);
        if (first === undefined) return;
        expect(lanes.shift()).toBe(first.message);
        nowMs = Math.max(nowMs, first.dueMs);
      };
      for (const each of moves) {
        if (each === "shift") next();
        else {
          nowMs += each.afterMs;
          slow.push({ dueMs: nowMs + delays[each.lane]!, message: sent });
          lanes.send(numbers[each.lane]!, nowMs, sent++);
        }
      }
      while (slow.length > 0) next();
      next();
    }),
    { numRuns: 60 },
  );
});

it("a lane that has grown keeps its order, wherever its head stands", () => {
  for (const head of [0, 1, 100, 255]) {
    const lanes = new Lanes();
    const lane = lanes.laneOf(1);
    const taken: number[] = [];
    for (let message = 0; message < head; message++) {
      lanes.send(lane, message, message);
      lanes.earliest();
      taken.push(lanes.shift());
    }
    for (let message = head; message < 1500; message++) lanes.send(lane, message, message);
    for (let dueMs = lanes.earliest(); dueMs < Infinity; dueMs = lanes.earliest()) {
      taken.push(lanes.shift());
      expect(dueMs).toBe(taken.length);
    }
    expect(taken).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  }
});

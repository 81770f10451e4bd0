import fc from "fast-check";
import { expect, test } from "vitest";
import { IntRing } from "../../harness/core/int-ring.ts";

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("push" as const), value: fc.integer() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("shift" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const) }) },
);

test("a ring does what an array does, whatever its capacity at first", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), fc.array(action, { maxLength: 200 }), (capacity, actions) => {
      const ring = new IntRing(capacity);
      const twin: number[] = [];
      for (const step of actions) {
        if (step.kind === "push") {
          ring.push(step.value);
          twin.push(step.value);
        } else if (step.kind === "clear") {
          ring.clear();
          twin.length = 0;
        } else if (twin.length > 0) {
          expect(ring.shift()).toBe(twin.shift());
        }
        expect(ring.length).toBe(twin.length);
        if (twin.length > 0) expect(ring.peek()).toBe(twin[0]);
      }
    }),
  );
});

test("an empty ring has neither a head nor anything to shift", () => {
  const ring = new IntRing();
  expect(() => ring.peek()).toThrow("only a ring that holds something");
  expect(() => ring.shift()).toThrow("only a ring that holds something");
});

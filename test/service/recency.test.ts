import * as fc from "fast-check";
import { expect, it } from "vitest";
import { NO_SLOT, Recency } from "../../harness/service/recency.ts";

/** The same as a list of keys, the least recently used first. */
class ListedKeys {
  keys: number[] = [];
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  use(key: number): boolean {
    const isKnown = this.keys.includes(key);
    this.keys = [...this.keys.filter((each) => each !== key), key].slice(-this.capacity);
    return isKnown;
  }
}

it("keeps the keys that were used last, like a list that moves each to its end", () => {
  const command = fc.oneof(
    { weight: 20, arbitrary: fc.nat({ max: 30 }) },
    { weight: 1, arbitrary: fc.constant("clear" as const) },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 5, 100, Infinity),
      fc.array(command, { maxLength: 300 }),
      (capacity, commands) => {
        const recency = new Recency(capacity);
        const list = new ListedKeys(capacity);
        const slotOf = new Map<number, number>();
        for (const key of commands) {
          if (key === "clear") {
            recency.clear();
            list.keys = [];
            continue;
          }
          const slot = recency.find(key);
          const isKnown = slot !== NO_SLOT;
          expect(isKnown).toBe(list.use(key));
          if (isKnown) {
            expect(slot).toBe(slotOf.get(key));
            recency.touch(slot);
          } else slotOf.set(key, recency.take(key));
          expect(recency.size).toBe(list.keys.length);
          expect(new Set(list.keys.map((each) => recency.find(each))).size).toBe(list.keys.length);
        }
      },
    ),
  );
});

import { expect, test } from "vitest";
import { ceilShare, floorShare } from "../../harness/core/share.ts";

test("a share that is a whole number is that number, whatever its floating-point product", () => {
  for (let whole = 1; whole <= 300; whole++) {
    for (let percent = 0; percent <= 100; percent++) {
      if ((whole * percent) % 100 !== 0) continue;
      expect(ceilShare(percent / 100, whole)).toBe((whole * percent) / 100);
      expect(floorShare(percent / 100, whole)).toBe((whole * percent) / 100);
    }
  }
});

test("other shares round up and down", () => {
  expect([ceilShare(0.25, 10), floorShare(0.25, 10)]).toEqual([3, 2]);
  expect([ceilShare(0.001, 10), floorShare(0.999, 10)]).toEqual([1, 9]);
});

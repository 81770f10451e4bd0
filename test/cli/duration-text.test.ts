// Times in words, where rounding meets the next larger unit.
import { expect, test } from "vitest";
import { spanText } from "../../harness/cli/duration-text.ts";

test("what rounds to a whole larger unit is written as one", () => {
  expect([999.9, 59_990, 119_990, 3_599_990, 7_199_900].map(spanText)).toEqual(["1 s", "1 min", "2 min", "1 h", "2 h"]);
});

test("what does not is written in both", () => {
  expect([0, 0.5, 1500, 90_000, 3_599_900, 3_720_000].map(spanText)).toEqual([
    "0 ms",
    "0.5 ms",
    "1.5 s",
    "1 min 30 s",
    "59 min 59.9 s",
    "1 h 2 min",
  ]);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { standingOf } from "./goals.ts";
import { pageOf } from "./page.ts";
import { readResults } from "./results.ts";
import { spreadOf } from "./spread.ts";
import { markdownTable, spreadText } from "./table.ts";

test("the page that is kept is the one of the results that are kept", () => {
  expect(readFileSync(new URL("README.md", import.meta.url), "utf8")).toBe(pageOf(readResults()));
});

test("a ratio is named by the lowest mark that it misses", () => {
  const goal = { atLeast: 0.3, floor: 0.2 };
  expect([0.3, 0.299, 0.2, 0.199].map((ratio) => standingOf(ratio, goal))).toEqual([
    "held",
    "below goal",
    "below goal",
    "below floor",
  ]);
  expect(standingOf(0.1, { atLeast: 40, floor: null })).toBe("below goal");
});

test("a spread is the median with the lowest and the highest", () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1, high: 4 });
  expect(spreadText(spreadOf([1234567, 1200000, 1300000]))).toBe("1,235,000 (1,200,000–1,300,000)");
});

test("tables line up", () => {
  expect(markdownTable(["", "goal"], [["mm1", "≥ 40"]])).toBe("|     | goal |\n| --- | ---- |\n| mm1 | ≥ 40 |");
});

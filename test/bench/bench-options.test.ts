import { expect, test } from "vitest";
import { benchOptions } from "./bench-options.ts";

test("without words, everything simulated in five rounds", () => {
  const parts = ["mm1", "tandem", "graph20", "growth"];
  expect(benchOptions([])).toEqual({ isLive: false, rounds: 5, parts, isotope: null });
});

test("parts, rounds and a graph can be chosen", () => {
  expect(benchOptions(["--only", "mm1,growth", "--rounds", "9", "--isotope", "big.yaml"])).toEqual({
    isLive: false,
    rounds: 9,
    parts: ["mm1", "growth"],
    isotope: "big.yaml",
  });
  expect(benchOptions(["live", "--only", "chain"])).toMatchObject({ isLive: true, parts: ["chain"] });
});

test.each([[["--only", "chain"]], [["live", "--only", "mm1"]], [["--rounds", "0"]], [["dead"]], [["--fast"]]])(
  "%j is not understood",
  (words) => {
    expect(benchOptions(words)).toBeNull();
  },
);

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Loaded } from "../../harness/language/load-study.ts";
import { printProblem } from "../../harness/language/print-problem.ts";
import { load } from "./temporary-files.ts";

// Whatever stands in a file, loading it gives located problems or a study: never an exception, never a hang.
const scenario = readFileSync("test/language/examples/checkout-release.yaml", "utf8").replace(
  /^ {2}(good-release|by-hand): .*\n/gm,
  "",
);
const topology = readFileSync("test/language/examples/topologies/shop.yaml", "utf8");

/** What a load must never do; empty where it did well. */
function flawsOf({ study, problems }: Loaded): string[] {
  const isRefused = problems.some(({ severity }) => severity === "error");
  const flaws = (study === null) === isRefused ? [] : ["a study beside errors, or neither of both"];
  for (const problem of problems) {
    const { place, message } = problem;
    if (place === null || place.line < 1 || place.column < 1 || place.length < 1) flaws.push(`not located: ${message}`);
    if (/\[object|undefined|NaN/.test(printProblem(problem, null))) flaws.push(`not for people: ${message}`);
  }
  return flaws;
}

function loadChanged(isTopology: boolean, changed: string | Uint8Array): Loaded {
  return load({
    "scenario.yaml": isTopology ? scenario : changed,
    "topologies/shop.yaml": isTopology ? changed : topology,
  });
}

test("the files that are mutated below are sound themselves", () => {
  const { study, problems } = load({ "scenario.yaml": scenario, "topologies/shop.yaml": topology });
  expect(problems).toEqual([]);
  expect(study!.variants.length).toBeGreaterThan(2);
});

const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(...new TextEncoder().encode("{}[]:,-?&*!|>'\"%@`# \n\t~$().0")),
);
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 8 }),
  insert: fc.array(byte, { maxLength: 4 }),
});

function bitten(text: string, edits: readonly { at: number; remove: number; insert: readonly number[] }[]): Uint8Array {
  let bytes = [...new TextEncoder().encode(text)];
  for (const { at, remove, insert } of edits) {
    const from = Math.floor(at * bytes.length);
    bytes = [...bytes.slice(0, from), ...insert, ...bytes.slice(from + remove)];
  }
  return Uint8Array.from(bytes);
}

test("500 files with some bytes changed give located problems, or a study", { timeout: 120_000 }, () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.boolean(), fc.array(edit, { minLength: 1, maxLength: 3 }), (isTopology, changes) => {
      const loaded = loadChanged(isTopology, bitten(isTopology ? topology : scenario, changes));
      if (loaded.study === null) refused++;
      expect(flawsOf(loaded)).toEqual([]);
    }),
    { numRuns: 500, seed: 20_130_604 },
  );
  expect(refused).toBeGreaterThan(100);
  expect(refused).toBeLessThan(500);
});

/** Tokens of the language, put in place of others: what a hurried editor does. */
const tokens = [
  "null",
  "5",
  "-1",
  "5s",
  "25%",
  "300/s",
  "none",
  "unlimited",
  "[]",
  "{}",
  "[ [] ]",
  "{ a: 1 }",
  "true",
  "checkout",
  "checkout.buy",
  "a -> b",
  "$(x)",
  "*a",
  "&a 5",
  "1e999",
  ".nan",
  '"\\u0000"',
  "__proto__",
  "constructor",
  "toString",
  "120% of stable",
  "checkout#99999",
  "~",
  "9999999999999999999999h",
  "0s",
  "0%",
];

function swapped(text: string, at: number, token: string): string {
  const words = [...text.matchAll(/[^\s,{}[\]:]+/g)];
  const word = words[Math.floor(at * words.length)]!;
  return text.slice(0, word.index) + token + text.slice(word.index + word[0].length);
}

const swap = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), token: fc.constantFrom(...tokens) });

test("500 files with some words swapped give located problems, or a study", { timeout: 120_000 }, () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.boolean(), fc.array(swap, { minLength: 1, maxLength: 2 }), (isTopology, changes) => {
      const loaded = loadChanged(
        isTopology,
        changes.reduce((text, { at, token }) => swapped(text, at, token), isTopology ? topology : scenario),
      );
      if (loaded.study === null) refused++;
      expect(flawsOf(loaded)).toEqual([]);
    }),
    { numRuns: 500, seed: 20_130_604 },
  );
  expect(refused).toBeGreaterThan(100);
  expect(refused).toBeLessThan(500);
});

test.each([
  ["a file of 2 MiB", `scenario: ${"x".repeat(2 * 1024 * 1024)}`, "file-too-large"],
  ["brackets without end", "[".repeat(100_000), "too-deep"],
  ["dashes without end", `${"- ".repeat(100_000)}a`, "too-deep"],
  ["maps without end", "{a: ".repeat(50_000), "too-deep"],
  ["one enormous flat list", `scenario: [${"a,".repeat(100_000)}]`, "wrong-type"],
  ["a thousand aliases of a thousand", `a: &a [${"1,".repeat(1000)}]\nb: [${"*a,".repeat(1000)}]`, "alias-bomb"],
  ["fifty thousand keys", Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join("\n"), "unknown-key"],
  ["a hundred thousand closing braces", "}\n".repeat(100_000), "bad-yaml"],
  ["nothing at all", "", "bad-yaml"],
  ["bytes that are not text", "\u0000\u0001\u0002", "wrong-type"],
])("%s is refused by name", { timeout: 60_000 }, (_, text, code) => {
  const { study, problems } = load({ "scenario.yaml": text, "topologies/shop.yaml": topology });
  expect(study).toBeNull();
  expect(problems.map((problem) => problem.code)).toContain(code);
  expect(problems.length).toBeLessThan(210);
});

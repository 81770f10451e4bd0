import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Loaded } from "../../harness/language/load-study.ts";
import { printProblem } from "../../harness/language/print-problem.ts";
import { load } from "./temporary-files.ts";

// Whatever stands in a file, loading it gives located problems or a study: never an exception, never a hang.
const scenario = readFileSync("test/language/examples/checkout-release.yaml", "utf8");
const topology = readFileSync("test/language/examples/topologies/shop.yaml", "utf8");

function expectSound({ study, problems }: Loaded): void {
  const errors = problems.filter(({ severity }) => severity === "error");
  expect(study === null).toBe(errors.length > 0);
  for (const problem of problems) {
    expect(problem.place, problem.message).not.toBeNull();
    expect(problem.place!.line).toBeGreaterThanOrEqual(1);
    expect(problem.place!.column).toBeGreaterThanOrEqual(1);
    expect(problem.place!.length).toBeGreaterThanOrEqual(1);
    expect(printProblem(problem, null)).not.toMatch(/\[object|undefined|NaN/);
  }
}

test("the files that are mutated below are sound themselves", () => {
  const { study, problems } = load({ "scenario.yaml": scenario, "topologies/shop.yaml": topology });
  expect(problems).toEqual([]);
  expect(study!.variants.length).toBeGreaterThan(2);
});

const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(...[..."{}[]:,-?&*!|>'\"%@`# \n\t~$().0"].map((each) => each.charCodeAt(0))),
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

test("500 files with some bytes changed give located problems, or a study", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(edit, { minLength: 1, maxLength: 3 }), (isTopology, edits) => {
      const changed = bitten(isTopology ? topology : scenario, edits);
      expectSound(
        load({
          "scenario.yaml": isTopology ? scenario : changed,
          "topologies/shop.yaml": isTopology ? changed : topology,
        }),
      );
    }),
    { numRuns: 500, seed: 20_130_604 },
  );
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

test("500 files with some words swapped give located problems, or a study", { timeout: 60_000 }, () => {
  const swap = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), token: fc.constantFrom(...tokens) });
  fc.assert(
    fc.property(fc.boolean(), fc.array(swap, { minLength: 1, maxLength: 2 }), (isTopology, swaps) => {
      const changed = swaps.reduce((text, { at, token }) => swapped(text, at, token), isTopology ? topology : scenario);
      expectSound(
        load({
          "scenario.yaml": isTopology ? scenario : changed,
          "topologies/shop.yaml": isTopology ? changed : topology,
        }),
      );
    }),
    { numRuns: 500, seed: 20_130_605 },
  );
});

test.each([
  ["a file of 2 MiB", `scenario: ${"x".repeat(2 * 1024 * 1024)}`, "file-too-large"],
  ["brackets without end", "[".repeat(500_000), "too-deep"],
  ["dashes without end", `${"- ".repeat(400_000)}a`, "too-deep"],
  ["maps without end", "{a: ".repeat(200_000), "too-deep"],
  ["one enormous flat list", `scenario: [${"a,".repeat(250_000)}]`, "wrong-type"],
  ["a thousand aliases of a thousand", `a: &a [${"1,".repeat(1000)}]\nb: [${"*a,".repeat(1000)}]`, "alias-bomb"],
  ["a hundred thousand keys", Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join("\n"), "unknown-key"],
  ["half a million closing braces", "}\n".repeat(400_000), "bad-yaml"],
  ["nothing at all", "", "bad-yaml"],
  ["bytes that are not text", "\u0000\u0001\u0002", "wrong-type"],
])("%s is refused by name", { timeout: 20_000 }, (_, text, code) => {
  const { study, problems } = load({ "scenario.yaml": text, "topologies/shop.yaml": topology });
  expect(study).toBeNull();
  expect(problems.map((problem) => problem.code)).toContain(code);
  expect(problems.length).toBeLessThan(210);
});

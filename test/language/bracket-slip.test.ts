import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { bracketSlip } from "../../harness/language/bracket-slip.ts";
import { Problems } from "../../harness/language/problems.ts";
import { readDocument } from "../../harness/language/read-document.ts";

const scenarios = globSync("scenarios/**/*.yaml");

test.each([
  ["load: { a: { b: 1 }\nnext: 1\n", 6, "this `{` is never closed"],
  ["list: [ 1, 2\nnext: 1\n", 6, "this `[` is never closed"],
  ["list: [ { a: 1 ]\n", 15, "a `}` is missing before this `]`"],
  ["a: { b: 1 } }\n", 12, "this `}` closes nothing"],
  ['a: "b {\nnext: 1\n', 3, 'this `"` is never closed'],
  ['a: "b\\"\nnext: 1\n', 3, 'this `"` is never closed'],
  ["a: 'b''\nnext: 1\n", 3, "this `'` is never closed"],
])("%j is one slip, where it is", (text, from, message) => {
  expect(bracketSlip(text)).toMatchObject({ from, to: from + 1, message });
});

test.each([
  "a: { b: [ 1, { c: 2 } ] }\n",
  "a: not } a bracket ]\n",
  "# { [ \" '\na: 1\n",
  "a: '{'\nb: \"[\"\n",
  "a: ''\nb: \"\"\nc: 'it''s'\nd: \"\\\\\"\ne: '''a'''\n",
  'a: |\n  " { [\n  more }\nb: 1\n',
  "a: it's { fine\n",
])("%j has none", (text) => {
  expect(parseDocument(text).errors).toEqual([]);
  expect(bracketSlip(text)).toBeNull();
});

test("no shipped scenario has one", () => {
  expect(scenarios.length).toBeGreaterThan(50);
  for (const file of scenarios) expect(bracketSlip(readFileSync(file, "utf8")), file).toBeNull();
});

test("whichever bracket or quote is left out of a scenario, what follows is at most one problem, in plain words", () => {
  const text = readFileSync("scenarios/case-studies/square-2017.yaml", "utf8");
  let broken = 0;
  for (const { index } of text.matchAll(/[[\]{}"]/g)) {
    const problems = new Problems();
    readDocument("scenario.yaml", text.slice(0, index) + text.slice(index + 1), problems);
    expect(problems.list(false).length, text.slice(index - 20, index + 20)).toBeLessThanOrEqual(1);
    for (const { message, hint } of problems.list(false)) {
      broken++;
      expect(message).not.toMatch(/flow|collection|token|scalar|implicit|compact/i);
      expect(hint, message).not.toBeNull();
    }
  }
  expect(broken).toBeGreaterThan(50);
});

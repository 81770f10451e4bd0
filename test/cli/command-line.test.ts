import { expect, test } from "vitest";
import { commandFor } from "../../harness/cli/command-line.ts";

const valued = new Set(["--seed", "--out", "--reporter"]);

test.each([
  ["one file stays the command that was typed", ["run", "a.yaml", "--seed", "7"], "npx firebreak run a.yaml --seed 7"],
  ["of several files one is left", ["run", "b.yaml", "a.yaml", "--strict"], "npx firebreak run a.yaml --strict"],
  ["a glob becomes the file", ["run", "--strict", "*.yaml"], "npx firebreak run --strict a.yaml"],
  [
    "values of options are no files",
    ["run", "--out", "b.yaml", "b.yaml", "--seed=7", "a.yaml", "--reporter", "json"],
    "npx firebreak run --out b.yaml a.yaml --seed=7 --reporter json",
  ],
  ["what follows -- are files", ["run", "--strict", "--", "b.yaml", "a.yaml"], "npx firebreak run --strict a.yaml"],
])("%s", (_, args, expected) => {
  expect(commandFor("a.yaml", args, valued)).toBe(expected);
});

test("what a shell would take apart is quoted", () => {
  expect(commandFor("it's here.yaml", ["run", "x"], valued)).toBe(String.raw`npx firebreak run 'it'\''s here.yaml'`);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODES } from "../../harness/core/codes.ts";

const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")).trim(), section] as const),
);

test("docs/errors.md has a section for every code, and for nothing else", () => {
  expect([...sections.keys()].toSorted()).toEqual(Object.keys(CODES).toSorted());
});

test("every section opens with the title and the exit code of the table, and says more than that", () => {
  for (const [code, { title, exit }] of Object.entries(CODES)) {
    const [, opening, explanation] = (sections.get(code) ?? "").split("\n\n");
    expect(opening).toBe(`${title}. Exit code ${exit}.`);
    expect(explanation?.length, `${code} is explained`).toBeGreaterThan(20);
  }
});

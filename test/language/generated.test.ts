// What is written from the schemas and committed: `vitest run test/language/generated.test.ts -u` writes it again.
import { expect, test } from "vitest";
import { jsonSchema } from "../../harness/language/json-schema.ts";
import { referenceMarkdown } from "../../harness/language/reference.ts";

test.each(["topology", "scenario"] as const)("schema/%s.schema.json is what the schema says today", async (file) => {
  const text = `${JSON.stringify(jsonSchema(file), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../schema/${file}.schema.json`);
});

test("docs/reference.md is what the schema says today", async () => {
  await expect(referenceMarkdown()).toMatchFileSnapshot("../../docs/reference.md");
});

interface Part {
  readonly [key: string]: unknown;
}

/** Every part of a JSON Schema that is supported today, with the path that leads to it. */
function parts(part: unknown, path: string): [string, Part][] {
  if (part === null || typeof part !== "object" || (part as Part)["x-later"] === true) return [];
  return [[path, part as Part], ...Object.entries(part).flatMap(([key, each]) => parts(each, `${path}/${key}`))];
}

const accepts = (pattern: string, text: string): boolean => new RegExp(pattern).test(text);

test.each(["topology", "scenario"] as const)("every duration of a %s says whether compress divides it", (file) => {
  const durations = parts(jsonSchema(file), "").filter(([, { type, pattern }]) => {
    return (
      type === "string" && typeof pattern === "string" && accepts(pattern, "250ms") && !accepts(pattern, "some-name")
    );
  });
  expect(durations.length).toBeGreaterThan(10);
  const untagged = durations.filter(([, part]) => part["x-time"] !== "request" && part["x-time"] !== "control");
  expect(untagged.map(([path]) => path)).toEqual([]);
});

test.each(["topology", "scenario"] as const)("every field of a %s is documented", (file) => {
  const undocumented = parts(jsonSchema(file), "")
    .filter(([path]) => /\/properties\/[^/]+$/.test(path))
    .filter(([, part]) => part["description"] === undefined && part["const"] === undefined)
    .map(([path]) => path);
  expect(undocumented).toEqual([]);
});

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { problemsText } from "../../harness/cli/problem-text.ts";
import { loadStudy } from "../../harness/language/load-study.ts";
import { CODES } from "../../harness/core/codes.ts";
import { asWritten } from "./as-written.ts";

// Every broken file has its golden output: what `firebreak check` prints. A change of a message shows here.
const folder = "test/language/broken";
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

test("there are at least thirty broken files", () => {
  expect(files.length).toBeGreaterThanOrEqual(30);
});

test.each(files)("%s is refused with all its problems, each at its place", async (file) => {
  const { study, problems } = loadStudy(`${folder}/${file}`, { ...asWritten, strict: true });
  expect(study).toBeNull();
  expect(problems.length).toBeGreaterThan(0);
  for (const { code } of problems) expect(CODES).toHaveProperty([code]);
  await expect(problemsText(problems)).toMatchFileSnapshot(`golden/${file.replace(".yaml", ".txt")}`);
});

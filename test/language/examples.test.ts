import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadStudy } from "../../harness/language/load-study.ts";
import { asWritten } from "./as-written.ts";

describe("the shipped scenarios", () => {
  const folders = ["scenarios/strategies", "scenarios/regressions", "scenarios/mechanisms", "scenarios/case-studies"];
  const files = folders.flatMap((folder) => list(folder).map((file) => join(folder, file)));

  test.each(files)("%s is sound", (file) => {
    const { study, problems } = loadStudy(file, asWritten);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(study).not.toBeNull();
  });
});

test("the example that was refused while warm-ups were not there yet is sound", () => {
  const { study, problems } = loadStudy("test/language/examples/popcount-2013.yaml", asWritten);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(study!.variants.length).toBeGreaterThan(0);
});

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  } catch {
    return [];
  }
}

import { readFileSync, readdirSync } from "node:fs";
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

describe("what the language has and the engines do not have yet", () => {
  const scenario = "test/language/examples/popcount-2013.yaml";
  const { study, problems } = loadStudy(scenario, asWritten);
  const topology = "test/language/examples/topologies/spotify-2011.yaml";

  test("is refused", () => expect(study).toBeNull());

  test("is all that is refused there", () => {
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["not-supported-yet"]));
  });

  test.each([[topology, "startup:"]])("in %s at the line of %s", (file, text) => {
    const line =
      readFileSync(file, "utf8")
        .split("\n")
        .findIndex((each) => each.includes(text)) + 1;
    expect(line).toBeGreaterThan(0);
    expect(problems.map(({ place }) => `${place!.file}:${place!.line}`)).toContain(`${file}:${line}`);
  });
});

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  } catch {
    return [];
  }
}

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { problemsText } from "../../harness/cli/problem-text.ts";
import { loadTopology } from "../../harness/language/load-topology.ts";
import { asWritten } from "./as-written.ts";
import { load, withFiles } from "./temporary-files.ts";

const folder = "test/language/broken/topologies";
const broken = readdirSync(folder).filter((file) => file.endsWith(".yaml") && file !== "shop.yaml");

test.each(broken)("the topology %s is refused by itself, each problem at its place", async (file) => {
  const loaded = loadTopology(`${folder}/${file}`, { ...asWritten, strict: true })!;
  expect(loaded.topology).toBeNull();
  await expect(problemsText(loaded.problems)).toMatchFileSnapshot(`golden/topologies/${file.replace(".yaml", ".txt")}`);
});

test("a sound topology is counted", () => {
  expect(loadTopology(`${folder}/shop.yaml`, { ...asWritten, strict: true })).toEqual({
    topology: { name: "shop", services: 4, instances: 16 },
    problems: [],
  });
});

test("a variable that a topology leaves to its scenario is given, or missed", () => {
  const files = { "fleet.yaml": "topology: fleet\nservices: { web: { replicas: $(count), work: 1ms } }\n" };
  const given = withFiles(files, (file) => loadTopology(file, { ...asWritten, vars: { count: "3" } }));
  expect(given).toEqual({ topology: { name: "fleet", services: 1, instances: 3 }, problems: [] });
  const missed = withFiles(files, (file) => loadTopology(file, asWritten));
  expect(missed!.problems).toMatchObject([{ code: "unknown-name", place: { line: 2, column: 30 } }]);
});

test.each(["test/language/examples/popcount-2013.yaml", "test/language/broken/missing-keys.yaml"])(
  "%s is a scenario",
  (file) => {
    expect(loadTopology(file, asWritten)).toBeNull();
  },
);

test("where a scenario is wanted, a topology is named as what it is", () => {
  const { study, problems } = load({ "a.yaml": "topology: shop\nservices: { web: { work: 1ms } }\n" });
  expect(study).toBeNull();
  expect(problems).toMatchObject([{ code: "wrong-type", place: { line: 1, column: 1 } }]);
});

import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { firebreak, folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

function folder(): string {
  return folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario() });
}

/** What names a plan changes with every field that plans gain. */
function withoutHashes(text: string): string {
  return text.replaceAll(/plan [0-9a-f]{12}/g, "plan <hash>");
}

test("the plan says everything that was resolved, and nothing runs", async () => {
  const { code, stdout, stderr } = await firebreak(folder(), "plan", "scenario.yaml");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  await expect(withoutHashes(stdout)).toMatchFileSnapshot("golden/plan.txt");
});

test("at a scale, the real size stands beside the shrunken one", async () => {
  const { stdout } = await firebreak(folder(), "plan", "scenario.yaml", "--scale", "50%", "--compress", "2");
  await expect(withoutHashes(stdout)).toMatchFileSnapshot("golden/plan-scaled.txt");
});

test("a live run whose gate would see too few requests is refused, after its plan was printed", async () => {
  const { code, stdout, stderr } = await firebreak(
    folder(),
    "plan",
    "scenario.yaml",
    "--engine",
    "live",
    "--compress",
    "5",
  );
  expect(code).toBe(2);
  expect(stdout).toContain("(too few)");
  expect(stderr).toContain("error too-few-requests: gate health of canary sees 10 requests");
  const run = await firebreak(folder(), "run", "scenario.yaml", "--engine", "live", "--compress", "5");
  expect(run).toMatchObject({ code: 2, stdout: "" });
});

test("a live run that this machine cannot carry is refused with a scale that fits", async () => {
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ rate: "90000/s" }) });
  const { code, stderr } = await firebreak(place, "run", "scenario.yaml", "--engine", "live");
  expect(code).toBe(2);
  expect(stderr).toMatch(/does-not-fit[\s\S]*--scale \d/);
});

test("a live run that this machine only just carries is warned of, and with --strict refused", async () => {
  // Two requests between processes for each request of a user.
  const rate = `${availableParallelism() * 1_200}/s`;
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ rate }) });
  const tight = await firebreak(place, "plan", "scenario.yaml", "--engine", "live");
  expect(tight).toMatchObject({ code: 0, stderr: expect.stringContaining("warning tight-fit") });
  const strict = await firebreak(place, "plan", "scenario.yaml", "--engine", "live", "--strict");
  expect(strict).toMatchObject({ code: 2, stderr: expect.stringContaining("error tight-fit") });
});

test("the schemas are JSON Schema", async () => {
  for (const kind of ["topology", "scenario"]) {
    const { code, stdout } = await firebreak(folderWith(), "schema", kind);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#", type: "object" });
  }
});

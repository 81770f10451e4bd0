import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { firebreak, folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

async function recorded(): Promise<{ place: string; stdout: string }> {
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration: "2m" }) });
  const { stdout } = await firebreak(place, "run", "scenario.yaml", "--out", "kept", "--progress", "quiet");
  return { place, stdout };
}

test("a report made again has the same bytes, the command that repeats the run included", async () => {
  const { place, stdout } = await recorded();
  expect(stdout).toContain("repeat:     npx firebreak run scenario.yaml --out kept --progress quiet --seed 7\n");
  expect(await firebreak(place, "report", "kept/")).toEqual({ code: 0, stdout, stderr: "" });
});

test("of several files each names the command that repeats it alone", async () => {
  const { place } = await recorded();
  writeFileSync(path.join(place, "second.yaml"), scenario({ name: "second", duration: "2m" }));
  const { stdout } = await firebreak(place, "run", "s*.yaml", "--progress", "quiet");
  expect(stdout.match(/^repeat: .*$/gm)).toEqual([
    "repeat:     npx firebreak run scenario.yaml --progress quiet --seed 7",
    "repeat:     npx firebreak run second.yaml --progress quiet --seed 7",
  ]);
  expect(stdout).toContain("2 of 2 scenarios passed");
});

test.each([
  ["study.json that is no JSON", "study.json", "{", "kept/study.json is not JSON"],
  ["study.json of another format", "study.json", '{ "format": "firebreak.study/0" }', "firebreak.study/0"],
  [
    "study.json without its variants",
    "study.json",
    '{ "format": "firebreak.study/1", "scenario": "x", "command": "y" }',
    "was changed or damaged: its variants",
  ],
  [
    "study.json that points elsewhere",
    "study.json",
    '{ "format": "firebreak.study/1", "scenario": "x", "command": "y", "variants": [{ "recording": "../x" }] }',
    "was changed or damaged",
  ],
  ["a recording that is none", "canary/recording.jsonl", "{}\n", "kept/canary/recording.jsonl"],
  ["a control that is empty", "_control/recording.jsonl", "", "kept/_control/recording.jsonl"],
])("%s is refused by name: exit 2", async (_, file, text, message) => {
  const { place } = await recorded();
  writeFileSync(path.join(place, "kept", file), text);
  const { code, stdout, stderr } = await firebreak(place, "report", "kept");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("internal-error");
});

test("a line that follows the end is refused with its place", async () => {
  const { place } = await recorded();
  const file = path.join(place, "kept/canary/recording.jsonl");
  const lines = readFileSync(file, "utf8").split("\n").length;
  appendFileSync(file, "{}\n");
  const { code, stderr } = await firebreak(place, "report", "kept");
  expect(code).toBe(2);
  expect(stderr).toContain(`kept/canary/recording.jsonl:${lines}:1 error broken-recording`);
});

test("without its control a run is not judged; a strategy that is missing is named and left out", async () => {
  const { place } = await recorded();
  rmSync(path.join(place, "kept/canary"), { recursive: true });
  const partial = await firebreak(place, "report", "kept");
  expect(partial).toMatchObject({ code: 0, stderr: "kept/canary holds no recording: it is left out\n" });
  expect(partial.stdout).toContain("1 strategy");
  rmSync(path.join(place, "kept/_control"), { recursive: true });
  const { code, stdout, stderr } = await firebreak(place, "report", "kept");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("broken-recording: the control run kept/_control is missing");
});

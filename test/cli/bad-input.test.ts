import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { firebreak, folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

test("all problems of all files are on stderr with place, caret and hint; nothing ran; exit 2", async () => {
  const folder = folderWith({
    "topology.yaml": TOPOLOGY,
    "one.yaml": scenario().replace("front.get,", "frnt.get,"),
    "two.yaml": scenario().replace("warmUp: 20s", "warmUp: 20"),
  });
  const { code, stdout, stderr } = await firebreak(folder, "run", "*.yaml", "topology.yaml");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("one.yaml:8:");
  expect(stderr).toContain("two.yaml:6:");
  expect(stderr).toMatch(/\^\^\^/);
  expect(stderr).toContain("hint:");
  expect(stderr).toMatch(/\d+ errors/);
  expect(existsSync(path.join(folder, ".firebreak"))).toBe(false);
});

test.each([
  ["a file that is not there", ["run", "none.yaml"], 'there is no file "none.yaml"'],
  ["a pattern that matches nothing", ["check", "none/*.yaml"], 'no YAML file matches "none/*.yaml"'],
  ["an unknown option", ["run", "scenario.yaml", "--sead", "1"], "(Did you mean --seed?)"],
  ["an unknown command", ["rn", "scenario.yaml"], "(Did you mean run?)"],
  ["a seed that is no number", ["run", "scenario.yaml", "--seed", "x"], "It must be a whole number"],
  ["two ways of naming seeds", ["run", "scenario.yaml", "--repeat", "2", "--seeds", "1..2"], "cannot be used with"],
  ["one seed and several", ["run", "scenario.yaml", "--seed", "1", "--seeds", "1..2"], "cannot be used with"],
  ["seeds that are no range", ["run", "scenario.yaml", "--seeds", "5"], 'Write it as "1..20"'],
  ["seeds from high to low", ["run", "scenario.yaml", "--seeds", "9..1"], "must not be above the last"],
  ["more seeds than anybody waits for", ["run", "scenario.yaml", "--seeds", "1..20000"], "At most 10000 seeds"],
  ["no repetition at all", ["run", "scenario.yaml", "--repeat", "0"], "a whole number from 1 to 10000"],
  ["no worker at all", ["run", "scenario.yaml", "--workers", "0"], "a whole number from 1 to 256"],
  ["live runs side by side", ["run", "scenario.yaml", "--engine", "live", "--workers", "2"], "leave out --workers"],
  [
    "determinism side by side",
    ["run", "scenario.yaml", "--check-determinism", "--workers", "2"],
    "runs everything in one process",
  ],
  ["a variable without a value", ["run", "scenario.yaml", "--var", "share"], 'Write it as "name=value"'],
  ["a variable that is not declared", ["run", "scenario.yaml", "--var", "shar=1%"], "share"],
  ["a strategy that is not there", ["run", "scenario.yaml", "--strategy", "canry"], "canary"],
  ["a reporter that is not there", ["run", "scenario.yaml", "--reporter", "jsn"], "known: console, json"],
  [
    "two reporters in one place",
    ["run", "scenario.yaml", "--reporter", "json", "--reporter", "console=-"],
    "both write to stdout",
  ],
  [
    "a strategy that one of two files lacks",
    ["run", "scenario.yaml", "other.yaml", "--strategy", "half"],
    "scenario.yaml: there is no",
  ],
  ["a folder instead of a file", ["run", "."], "it is not a file"],
  ["a topology where a scenario is wanted", ["run", "topology.yaml"], "this is a topology, and a scenario is wanted"],
  ["a scale of nothing", ["run", "scenario.yaml", "--scale", "0%"], "above 0 and at most 100%"],
  ["a progress that is not there", ["run", "scenario.yaml", "--progress", "fancy"], "auto, tty, plain, json, quiet"],
  ["an isolation that is not there", ["run", "scenario.yaml", "--isolation", "vm"], "process, service, inline"],
  ["a schema that is not there", ["schema", "topolgy"], "topology, scenario"],
  ["a folder that is a file", ["init", "scenario.yaml"], "scenario.yaml is already there"],
  ["a reporter without its file", ["run", "scenario.yaml", "--reporter", "json="], "json=-"],
  ["determinism of real processes", ["run", "scenario.yaml", "--check-determinism", "--engine", "live"], "bad-option"],
  ["a folder that is no run", ["report", "."], "study.json cannot be read"],
])("%s ends with exit 2 and says what to do", async (_, args, message) => {
  const other = scenario({ name: "other" }).replaceAll("everywhere:", "half:");
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario(), "other.yaml": other });
  const { code, stdout, stderr } = await firebreak(folder, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("warnings are printed and let the check pass; with --strict they are errors", async () => {
  const folder = folderWith({
    "topology.yaml": TOPOLOGY.replace("front: { team: core, ", "front: { "),
    "scenario.yaml": scenario(),
  });
  const lax = await firebreak(folder, "check", "scenario.yaml");
  expect(lax).toMatchObject({ code: 0, stdout: "scenario.yaml: small is sound (2 strategies)\n" });
  expect(lax.stderr).toContain("no-team");
  expect(await firebreak(folder, "check", "--strict", "scenario.yaml")).toMatchObject({ code: 2, stdout: "" });
});

test("topologies are checked by themselves, beside scenarios, and what both share is complained of once", async () => {
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario() });
  const sound = await firebreak(folder, "check", "topology.yaml", "scenario.yaml");
  expect(sound).toEqual({
    code: 0,
    stdout:
      "topology.yaml: small is sound (a topology of 2 services, 8 instances)\nscenario.yaml: small is sound (2 strategies)\n",
    stderr: "",
  });
  writeFileSync(path.join(folder, "topology.yaml"), TOPOLOGY.replace("back.read", "bak.read"));
  const broken = await firebreak(folder, "check", "topology.yaml", "scenario.yaml");
  expect(broken).toMatchObject({ code: 2, stdout: "" });
  expect(broken.stderr).toMatch(/^topology\.yaml:5:\d+ error unknown-name: there is no service `bak`$/m);
  expect(broken.stderr).toMatch(/^1 error$/m);
});

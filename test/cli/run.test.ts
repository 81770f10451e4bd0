import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { begin, ended, firebreak, folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

function folder(text = scenario()): string {
  return folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": text });
}

interface Printed {
  readonly format: string;
  readonly scenario: string;
  readonly seed: number;
  readonly passed: boolean;
  readonly variants: readonly { readonly strategy: string; readonly outcome: string }[];
}

test("what `init` writes passes `check` and `run`", async () => {
  const place = folderWith();
  const init = await firebreak(place, "init");
  expect(init).toMatchObject({ code: 0, stderr: "" });
  expect(init.stdout).toContain("next: npx firebreak run scenario.yaml");
  expect(await firebreak(place, "check", "--strict", "scenario.yaml")).toMatchObject({ code: 0, stderr: "" });
  const run = await firebreak(place, "run", "scenario.yaml");
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toContain("escaped");
  expect(run.stdout).toContain("contained");
  expect(await firebreak(place, "init")).toMatchObject({ code: 2, stdout: "" });
});

test("results go to stdout and progress to stderr: the JSON can be piped", async () => {
  const { code, stdout, stderr } = await firebreak(folder(), "run", "scenario.yaml", "--reporter", "json");
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as Printed;
  expect(result).toMatchObject({ format: "firebreak.result/1", scenario: "small", seed: 7, passed: true });
  expect(result.variants.map(({ strategy, outcome }) => [strategy, outcome])).toEqual([
    ["everywhere", "unmitigated"],
    ["canary", "contained"],
  ]);
  expect(stderr).toContain("small on sim: ");
});

test("several files and globs give an array; --progress quiet leaves stderr empty", async () => {
  const place = folder();
  writeFileSync(path.join(place, "second.yaml"), scenario({ name: "second", duration: "2m" }));
  const { code, stdout, stderr } = await firebreak(
    place,
    "run",
    "s*.yaml",
    "--reporter",
    "json=-",
    "--progress",
    "quiet",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect((JSON.parse(stdout) as Printed[]).map((result) => result.scenario)).toEqual(["small", "second"]);
});

test("reporters write to files, folders are made, and a failing one stops no other", async () => {
  const place = folder();
  const args = [
    "--reporter",
    "json=deep/result.json",
    "--reporter",
    "json=scenario.yaml/x.json",
    "--reporter",
    "console",
  ];
  const { code, stdout, stderr } = await firebreak(place, "run", "scenario.yaml", ...args);
  expect(code).toBe(3);
  expect((JSON.parse(readFileSync(path.join(place, "deep/result.json"), "utf8")) as Printed).passed).toBe(true);
  expect(stdout).toContain("canary");
  expect(stderr).toContain("reporter-failed");
});

test("a verdict other than the expected one ends with exit 1", async () => {
  const place = folder(scenario({ expect: { everywhere: "contained", canary: "contained" } }));
  expect((await firebreak(place, "run", "scenario.yaml")).code).toBe(1);
  expect((await firebreak(place, "run", "scenario.yaml", "--strategy", "canary")).code).toBe(0);
});

test("a fleet that cannot keep its promise without the failure is not judged: exit 3", async () => {
  const place = folder(scenario().replace("within: 500ms", "within: 1ms"));
  const { code, stdout } = await firebreak(place, "run", "scenario.yaml", "--reporter", "json");
  expect(code).toBe(3);
  expect((JSON.parse(stdout) as Printed).variants.map(({ outcome }) => outcome)).toEqual(["invalid", "invalid"]);
});

test("a fault that hit nobody proves nothing: exit 3", async () => {
  const place = folder(`
scenario: idle
topology: ./topology.yaml
duration: 1m
journeys: { get: { start: front.get, objective: { good: 99%, within: 500ms } } }
load: { users: { journey: get, rate: 50/s, arrivals: poisson } }
timeline: [{ at: 20s, for: 10s, fault: { kind: error, on: back.idle } }]
`);
  writeFileSync(path.join(place, "topology.yaml"), TOPOLOGY.replace("read: [3ms]", "read: [3ms], idle: [1ms]"));
  const { code, stdout, stderr } = await firebreak(place, "run", "scenario.yaml", "--reporter", "json");
  expect(stderr).not.toContain("error");
  expect((JSON.parse(stdout) as Printed).variants.map(({ outcome }) => outcome)).toEqual(["notExercised"]);
  expect(code).toBe(3);
});

test("--var, --seed and --strategy reach the run", async () => {
  const { stdout } = await firebreak(
    folder(),
    "run",
    "scenario.yaml",
    "--reporter",
    "json",
    "--var",
    "share=0%",
    "--seed",
    "99",
    "--strategy",
    "everywhere",
  );
  const result = JSON.parse(stdout) as Printed;
  expect(result.seed).toBe(99);
  expect(result.variants.map(({ strategy }) => strategy)).toEqual(["everywhere"]);
  expect(result.variants[0]!.outcome).not.toBe("unmitigated");
});

test("--check-determinism runs everything twice and says so", async () => {
  const { code, stdout } = await firebreak(
    folder(scenario({ duration: "1m" })),
    "run",
    "scenario.yaml",
    "--check-determinism",
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^small: everywhere is the same twice, seed 7, sha256 [0-9a-f]{64}\nsmall: canary is the same twice.*\n$/,
  );
});

test("the recordings are kept, and `report` says the same again", async () => {
  const place = folder();
  const first = await firebreak(place, "run", "scenario.yaml", "--reporter", "json");
  const [id] = readdirSync(path.join(place, ".firebreak/runs"));
  const kept = path.join(".firebreak/runs", id!);
  expect(readdirSync(path.join(place, kept)).toSorted()).toEqual([
    "_control",
    "canary",
    "everywhere",
    "run.json",
    "study.json",
  ]);
  const again = await firebreak(place, "report", kept, "--reporter", "json");
  expect(again).toEqual({ ...first, stderr: "" });
});

test("--out names the folder of the recordings", async () => {
  const place = folder(scenario({ duration: "1m" }));
  await firebreak(place, "run", "scenario.yaml", "--out", "kept/here");
  expect(existsSync(path.join(place, "kept/here/canary/recording.jsonl"))).toBe(true);
  expect(existsSync(path.join(place, ".firebreak"))).toBe(false);
});

test("a folder that cannot be written ends with exit 3 and a hint", async () => {
  const { code, stderr } = await firebreak(folder(), "run", "scenario.yaml", "--out", "scenario.yaml/runs");
  expect(code).toBe(3);
  expect(stderr).toContain("not-writable");
  expect(stderr).toContain("--out");
});

test.skipIf(!existsSync("/proc/self")).each([
  ["run", ["run", "scenario.yaml", "--out", "/proc/firebreak/runs"]],
  ["init", ["init", "/proc/firebreak"]],
  ["a reporter", ["run", "scenario.yaml", "--reporter", "json=/proc/firebreak/result.json"]],
])("%s into a folder that no file system will make ends with exit 3, and ends", async (_, args) => {
  const { code, stderr } = await firebreak(folder(), ...args);
  expect(code).toBe(3);
  expect(stderr).toContain("/proc takes no new folder: /proc/firebreak cannot be created");
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends the run, reports what was recorded, and exits with %i", async (signal, expected) => {
  const place = folder(scenario({ duration: "40m", rate: "80/s" }));
  const child = begin(place, "run", "scenario.yaml", "--workers", "1", "--progress", "json", "--reporter", "json");
  const end = ended(child);
  await new Promise<void>((resolve) => {
    child.stderr!.on("data", (text: string) => text.includes('"current":1') && resolve());
  });
  child.kill(signal);
  const { code, stdout, stderr } = await end;
  expect(code).toBe(expected);
  expect(stderr).toContain("stopping");
  expect((JSON.parse(stdout) as Printed).variants.map(({ strategy }) => strategy)).toEqual(["everywhere"]);
});

test("a reader that stops reading is no error", async () => {
  const child = begin(
    folder(scenario({ duration: "1m" })),
    "run",
    "scenario.yaml",
    "--reporter",
    "json",
    "--progress",
    "quiet",
  );
  const end = ended(child);
  child.stdout!.destroy();
  const { stderr } = await end;
  expect(stderr).toBe("");
});

test("progress is one JSON object per line when asked for", async () => {
  const { stderr } = await firebreak(
    folder(scenario({ duration: "1m" })),
    "run",
    "scenario.yaml",
    "--progress",
    "json",
  );
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; runs: { phase: string }[] });
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.every(({ type }) => type === "progress")).toBe(true);
  expect(lines.at(-1)!.runs.every(({ phase }) => phase === "done")).toBe(true);
});

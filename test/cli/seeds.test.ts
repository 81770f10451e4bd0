// Several seeds at a time, and several runs side by side, through the real command line.
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { isAlive } from "../live/fleet-processes.ts";
import { begin, ended, firebreak, folderWith } from "./firebreak.ts";
import type { Ended } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

const QUIET = ["--progress", "quiet"];

function folder(text = scenario()): string {
  return folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": text });
}

interface Printed {
  readonly seed: number;
  readonly seeds: readonly number[];
  readonly passed: boolean;
  readonly warnings: readonly { readonly code: string }[];
  readonly variants: readonly {
    readonly strategy: string;
    readonly seeds: { readonly runs: number; readonly interval: readonly number[] | null };
  }[];
}

function seedsOf({ stdout }: Ended): readonly number[] {
  return (JSON.parse(stdout) as Printed).seeds;
}

test("people read how many seeds agree, and how sure that is", async () => {
  const place = folder();
  const { code, stdout } = await firebreak(place, "run", "scenario.yaml", "--repeat", "3", "--out", "kept", ...QUIET);
  expect(code).toBe(0);
  await expect(stdout).toMatchFileSnapshot("golden/run-seeds.txt");
});

test("--repeat counts from the scenario's seed or from --seed on; --seeds names them", async () => {
  const place = folder(scenario({ duration: "1m" }));
  const run = (...args: readonly string[]): Promise<Ended> =>
    firebreak(place, "run", "scenario.yaml", "--reporter", "json", ...QUIET, ...args);
  expect(seedsOf(await run())).toEqual([7]);
  expect(seedsOf(await run("--repeat", "3"))).toEqual([7, 8, 9]);
  expect(seedsOf(await run("--repeat", "2", "--seed", "40"))).toEqual([40, 41]);
  expect(seedsOf(await run("--seeds", "1..2"))).toEqual([1, 2]);
});

test("the printed result is the same bytes with 1, 2 and 3 workers", async () => {
  const place = folder();
  const printed: string[] = [];
  for (const workers of ["1", "2", "3"]) {
    const args = ["--seeds", "1..3", "--workers", workers, "--reporter", "json", ...QUIET];
    const { code, stdout, stderr } = await firebreak(place, "run", "scenario.yaml", ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    printed.push(stdout);
  }
  expect((JSON.parse(printed[0]!) as Printed).variants[1]!.seeds).toMatchObject({ runs: 3, told: 1, notPassed: [] });
  expect(printed[1]).toBe(printed[0]);
  expect(printed[2]).toBe(printed[0]);
});

test("each seed has its folder, and all or one can be reported again", async () => {
  const place = folder();
  const json = ["--reporter", "json", ...QUIET];
  const first = await firebreak(place, "run", "scenario.yaml", "--repeat", "2", "--workers", "2", ...json);
  const [id] = readdirSync(path.join(place, ".firebreak/runs"));
  expect(id).toMatch(/-small-sim-2-seeds$/);
  const kept = path.join(".firebreak/runs", id!);
  expect(readdirSync(path.join(place, kept)).toSorted()).toEqual(["run.json", "seed-7", "seed-8", "seeds.json"]);
  expect(readdirSync(path.join(place, kept, "seed-8")).toSorted()).toEqual([
    "_control",
    "canary",
    "everywhere",
    "study.json",
  ]);
  expect(await firebreak(place, "report", kept, "--reporter", "json")).toEqual(first);
  const alone = await firebreak(place, "report", path.join(kept, "seed-8"), "--reporter", "json");
  expect(JSON.parse(alone.stdout)).toMatchObject({ seed: 8, seeds: [8] });
});

test("what is missing of several seeds is said when they are reported again", async () => {
  const place = folder(scenario({ duration: "1m" }));
  await firebreak(place, "run", "scenario.yaml", "--repeat", "2", "--out", "kept", ...QUIET);
  rmSync(path.join(place, "kept/seed-8/canary"), { recursive: true });
  const again = await firebreak(place, "report", "kept", "--reporter", "json");
  expect(again.stderr).toContain("seed-8/canary holds no recording");
  expect(JSON.parse(again.stdout)).toMatchObject({ warnings: [{ code: "interrupted" }] });
  writeFileSync(path.join(place, "kept/seeds.json"), "{}");
  expect(await firebreak(place, "report", "kept")).toMatchObject({ code: 2, stdout: "" });
});

test("a folder that is used again tells the last run alone", async () => {
  const place = folder(scenario({ duration: "1m" }));
  const out = ["--out", "kept", ...QUIET];
  await firebreak(place, "run", "scenario.yaml", "--repeat", "2", ...out);
  await firebreak(place, "run", "scenario.yaml", "--seed", "9", ...out);
  const again = await firebreak(place, "report", "kept", "--reporter", "json");
  expect(JSON.parse(again.stdout)).toMatchObject({ seeds: [9] });
  // The next one gets no further than its first strategy: what the last left of the second is not its own.
  writeFileSync(path.join(place, "scenario.yaml"), scenario({ duration: "1h" }));
  const child = begin(place, "run", "scenario.yaml", "--workers", "1", "--progress", "json", "--out", "kept");
  const end = ended(child);
  await new Promise<void>((resolve) => {
    child.stderr!.on("data", (text: string) => {
      if (/"name":"everywhere","seed":7,"endMs":\d+,"phase":"running"/.test(text)) resolve();
    });
  });
  child.kill("SIGINT");
  expect((await end).code).toBe(130);
  const cut = await firebreak(place, "report", "kept", "--reporter", "json");
  expect(cut.stderr).toContain("kept/canary holds no recording");
  expect((JSON.parse(cut.stdout) as Printed).variants.map(({ strategy }) => strategy)).toEqual(["everywhere"]);
});

test("a strategy that fails at some seeds fails the study, unless the scenario asks for less than all", async () => {
  const expected = { everywhere: "contained", canary: "contained" };
  const place = folder(scenario({ duration: "1m", expect: expected }));
  const run = (): Promise<Ended> => firebreak(place, "run", "scenario.yaml", "--repeat", "2", ...QUIET);
  expect((await run()).code).toBe(1);
  writeFileSync(
    path.join(place, "scenario.yaml"),
    `${readFileSync(path.join(place, "scenario.yaml"), "utf8")}seedsToPass: 0%\n`,
  );
  expect((await run()).code).toBe(0);
});

/** Resolves when the command's progress has matched. */
function reached(child: ChildProcess, progress: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    child.stderr!.on("data", (part: string) => {
      text += part;
      if (progress.test(text)) resolve();
    });
  });
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

test("Ctrl-C while several runs are under way reports the seeds that are whole", async () => {
  const place = folder(scenario({ duration: "10m" }));
  const args = ["--seeds", "1..60", "--workers", "2", "--progress", "json", "--reporter", "json"];
  const child = begin(place, "run", "scenario.yaml", ...args);
  const end = ended(child);
  await reached(child, /"seed":5,"endMs":\d+,"phase":"done"/);
  const workers = childrenOf(child.pid!);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await end;
  expect(code).toBe(130);
  expect(stderr).toContain("stopping");
  const { seeds, variants, warnings } = JSON.parse(stdout) as Printed;
  expect(seeds[0]).toBe(1);
  expect(seeds.length).toBeLessThan(60);
  expect(variants.map(({ strategy }) => strategy)).toEqual(["everywhere", "canary"]);
  expect(warnings.map(({ code: warned }) => warned)).toContain("interrupted");
  expect(workers).toHaveLength(2);
  expect(workers.filter(isAlive)).toEqual([]);
});

test("Ctrl-C in a run is told as an interruption, not as a verdict", async () => {
  const [endless] = scenario({ duration: "20h" }).split("versions:");
  const child = begin(folder(endless), "run", "scenario.yaml", "--progress", "json");
  const end = ended(child);
  await reached(child, /"phase":"running"/);
  child.kill("SIGINT");
  const { code, stdout } = await end;
  expect(code).toBe(130);
  expect(stdout).toMatch(/^small · sim · seed 7 · measurement +! interrupted\n/);
  expect(stdout).toContain("! interrupted: the run was interrupted at");
});

test.each([
  ["while several runs are under way", /"phase":"running"[^}]*\}[^}]*"phase":"running"/],
  ["as soon as its processes are there", /./],
])("SIGKILL of the command %s: nobody is left after 2 s", async (_, progress) => {
  const place = folder(scenario({ duration: "20h" }));
  const child = begin(place, "run", "scenario.yaml", "--workers", "2", "--progress", "json");
  const end = ended(child);
  await reached(child, progress);
  let workers = childrenOf(child.pid!);
  while (workers.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    workers = childrenOf(child.pid!);
  }
  child.kill("SIGKILL");
  await end;
  const deadline = performance.now() + 2_000;
  while (performance.now() < deadline && workers.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(workers.filter(isAlive)).toEqual([]);
});

test("Ctrl-C in a terminal reaches the command alone", async () => {
  const place = folder(scenario({ duration: "20h" }));
  const child = begin(place, "run", "scenario.yaml", "--workers", "2", "--progress", "json");
  const end = ended(child);
  await reached(child, /"phase":"running"/);
  const sessionOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[3]!;
  const [worker] = childrenOf(child.pid!);
  expect(sessionOf(worker!)).not.toBe(sessionOf(child.pid!));
  child.kill("SIGINT");
  expect((await end).code).toBe(130);
});

test("--check-determinism looks at every seed", async () => {
  const place = folder(scenario({ duration: "1m" }));
  const args = ["--repeat", "2", "--strategy", "canary", "--check-determinism"];
  const { code, stdout } = await firebreak(place, "run", "scenario.yaml", ...args);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^small: canary is the same twice, seed 7, .*\nsmall: canary is the same twice, seed 8, .*\n$/,
  );
  expect(existsSync(path.join(place, ".firebreak"))).toBe(false);
});

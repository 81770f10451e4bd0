// The package as somebody would install it: packed from a copy of the clone, unpacked under a node_modules where only
// its declared dependencies exist, and run from an empty folder.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, folderWith } from "./cli/firebreak.ts";
import type { Ended } from "./cli/firebreak.ts";
import { TOPOLOGY, scenario } from "./cli/small-scenario.ts";

const ROOT = path.join(import.meta.dirname, "..");
const NOT_COPIED = new Set(["node_modules", ".git", ".firebreak", "dist"].map((name) => path.join(ROOT, name)));
const MANIFEST = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

const place = mkdtempSync(path.join(tmpdir(), "firebreak-package-"));
const clone = path.join(place, "clone");
const installed = path.join(place, "app", "node_modules", "firebreak");

beforeAll(() => {
  cpSync(ROOT, clone, { recursive: true, filter: (file) => !NOT_COPIED.has(file) });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(clone, "node_modules"));
  // What an earlier pack of other sources left behind.
  mkdirSync(path.join(clone, "dist"));
  writeFileSync(path.join(clone, "dist", "gone.js"), "");
  const npm = ["pack", "--ignore-scripts=false", "--silent", "--offline", "--pack-destination", place];
  const { status, stdout, stderr } = spawnSync("npm", npm, { cwd: clone, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`);
  mkdirSync(installed, { recursive: true });
  const [packed] = globSync("*.tgz", { cwd: place });
  execFileSync("tar", ["-xzf", path.join(place, packed!), "--strip-components=1", "-C", installed]);
  for (const name of Object.keys(MANIFEST.dependencies)) {
    const link = path.join(place, "app", "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(ROOT, "node_modules", name), link);
  }
}, 60_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The command of the installed package, unless another place is named. */
function firebreak(folder: string, args: readonly string[], home = installed): Promise<Ended> {
  const bin = path.join(home, "bin", "firebreak.mjs");
  return ended(spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] }));
}

test("it holds compiled code, what the code needs and what people read, and nothing else", () => {
  const wanted = ["ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "bin", "dist", "docs", "package.json"];
  const top = readdirSync(installed).filter((name) => name !== "README.md");
  expect(top.sort()).toEqual([...wanted, "scenarios", "schema"]);
  expect(readdirSync(path.join(installed, "dist")).sort()).toEqual(["harness", "mock-services", "reports"]);
  const files = globSync("**", { cwd: installed });
  expect(files.filter((file) => file.split("/").includes("compile-cache"))).toEqual([]);
  expect(files.filter((file) => /\.[cm]?tsx?$|\.test\.|^test\//.test(file))).toEqual([]);
  const sources = globSync("{harness,mock-services,reports}/**/*.ts", { cwd: clone });
  expect(sources.length).toBeGreaterThan(200);
  const missing = sources.filter((file) => !existsSync(path.join(installed, "dist", file.replace(/\.ts$/, ".js"))));
  expect(missing).toEqual(["harness/bundle/build.ts"]);
});

test("the command says what it can do, and its version", async () => {
  const help = await firebreak(folderWith(), ["--help"]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("Usage: firebreak");
  expect((await firebreak(folderWith(), ["--version"])).stdout).toBe(`${MANIFEST.version}\n`);
});

test("a clone runs its sources, whatever lies in its dist folder", async () => {
  writeFileSync(path.join(clone, "dist", "harness", "cli", "main.js"), "throw new Error('stale');");
  expect(await firebreak(clone, ["--version"], clone)).toMatchObject({ code: 0, stdout: `${MANIFEST.version}\n` });
});

test("the scenarios come along, where the demonstration looks for them", async () => {
  const compiled = (name: string): string => pathToFileURL(path.join(installed, "dist", "harness", "cli", name)).href;
  const { packageFile } = (await import(compiled("package-file.js"))) as { packageFile: (name: string) => URL };
  const { DEMONSTRATION } = (await import(compiled("demonstration.js"))) as { DEMONSTRATION: { scenario: string } };
  const file = packageFile(DEMONSTRATION.scenario);
  expect(await firebreak(folderWith(), ["check", file.pathname])).toMatchObject({ code: 0, stderr: "" });
});

test("a first scenario is written, checked and simulated", async () => {
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario() });
  expect(await firebreak(folder, ["init", "mine"])).toMatchObject({ code: 0 });
  expect(await firebreak(folder, ["check", "mine/scenario.yaml"])).toMatchObject({ code: 0, stderr: "" });
  const run = await firebreak(folder, ["run", "scenario.yaml", "--progress", "quiet", "--reporter", "json"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(run.stdout)).toMatchObject({ engine: "sim", passed: true });
});

test("the demonstration finds what it needs in the package, begins, and can be stopped", async () => {
  const start = path.join(installed, "bin", "start.mjs");
  const child = spawn(process.execPath, [start], { cwd: folderWith(), stdio: ["ignore", "pipe", "pipe"] });
  const end = ended(child);
  // All of it takes a minute and a half. Its parts have tests of their own: here that it is whole, and under way.
  child.stderr.on("data", (text: string) => / runs over|\d:\d\d of \d/.test(text) && child.kill("SIGINT"));
  const { code, stdout, stderr } = await end;
  expect(stdout).toMatch(/^1\. Every strategy, simulated \(.*playlist-bad-release\.yaml\)$/m);
  expect(stderr).toContain("firebreak: stopping");
  expect(stderr).not.toMatch(/^error/m);
  expect(code).toBe(130);
}, 60_000);

test("simulations run side by side in processes of their own", async () => {
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration: "1m" }) });
  const json = ["--progress", "quiet", "--reporter", "json"];
  const run = (workers: string): Promise<Ended> =>
    firebreak(folder, ["run", "scenario.yaml", "--repeat", "2", "--workers", workers, ...json]);
  const beside = await run("2");
  expect(beside.stderr).toBe("");
  expect(JSON.parse(beside.stdout)).toMatchObject({ seeds: [7, 8] });
  expect(beside).toEqual(await run("1"));
});

test.each(["1", "2"])("without its bundle it simulates all the same (--workers %s), and says why", async (workers) => {
  const folder = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration: "1m" }) });
  const words = [
    "run",
    "scenario.yaml",
    "--repeat",
    "2",
    "--workers",
    workers,
    "--progress",
    "quiet",
    "--reporter",
    "json",
  ];
  const bundled = path.join(installed, "dist", "harness", "bundle", "bundled");
  const asPacked = await firebreak(folder, words);
  renameSync(bundled, `${bundled}-away`);
  try {
    const { stderr, ...rest } = await firebreak(folder, words);
    expect(stderr).toMatch(/^firebreak: the simulator is not bundled, which makes it slower: .*rolldown.*\n$/);
    expect({ ...rest, stderr: "" }).toEqual(asPacked);
  } finally {
    renameSync(`${bundled}-away`, bundled);
  }
});

test("a real fleet runs from the bundle that was packed", async () => {
  const topology = TOPOLOGY.replaceAll("replicas: 4", "replicas: 1");
  const brief = scenario({ duration: "2s" }).replace("warmUp: 20s", "warmUp: 1s").replace("at: 30s", "at: 500ms");
  const folder = folderWith({ "topology.yaml": topology, "scenario.yaml": brief });
  const live = ["--engine", "live", "--isolation", "process", "--strategy", "everywhere"];
  const quiet = ["--progress", "quiet", "--reporter", "json"];
  const run = await firebreak(folder, ["run", "scenario.yaml", ...live, ...quiet]);
  expect(run.stderr).toBe("");
  // What so short a run comes to is left to chance, but that users came through is not.
  expect(JSON.parse(run.stdout)).toMatchObject({
    engine: "live",
    variants: [{ strategy: "everywhere", amplification: { "users -> front": 1 } }],
  });
  // The first run made the compile cache that is not packed.
  const cache = path.join(installed, "dist", "harness", "bundle", "bundled", "compile-cache", process.version);
  expect(globSync("*/*", { cwd: cache }).length).toBeGreaterThan(3);
}, 60_000);

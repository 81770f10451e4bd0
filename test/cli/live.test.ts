import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { BIN, begin, ended, folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

/** A third of the time: a dozen seconds a run, and windows of three. */
const LIVE = ["--engine", "live", "--compress", "3", "--progress", "json", "--reporter", "json"];

function folder(): string {
  const short = scenario({ duration: "30s" }).replace("warmUp: 20s", "warmUp: 5s").replace("at: 30s", "at: 12s");
  return folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": short });
}

interface Printed {
  readonly engine: string;
  readonly variants: readonly {
    readonly strategy: string;
    readonly outcome: string;
    readonly warnings: readonly { readonly code: string }[];
  }[];
}

/** The processes of a fleet, found by their parents. */
function descendants(of: number): number[] {
  const children = readdirSync("/proc").flatMap((name) => {
    try {
      const [parent] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]!.split(" ").slice(1);
      return Number(parent) === of ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits until a live run has come this far, and answers with the processes it then had. */
async function reached(child: ChildProcess, runMs: number): Promise<number[]> {
  await new Promise<void>((resolve) => {
    child.stderr!.on("data", (text: string) => {
      for (const [, reachedMs] of text.matchAll(/"engine":"live","runs":\[\{[^}]*"phase":"running","runMs":(\d+)/g)) {
        if (Number(reachedMs) >= runMs) resolve();
      }
    });
  });
  return descendants(child.pid!);
}

test("a real fleet starts, runs, is judged and leaves nothing behind", async () => {
  const child = begin(folder(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
  const end = ended(child);
  const fleet = await reached(child, 2000);
  expect(fleet.length).toBeGreaterThan(8);
  const { code, stdout } = await end;
  const result = JSON.parse(stdout) as Printed;
  expect(result).toMatchObject({ engine: "live", variants: [{ strategy: "everywhere", outcome: "unmitigated" }] });
  expect(code).toBe(0);
  expect(fleet.filter(isAlive)).toEqual([]);
}, 90_000);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s takes the fleet down, reports what was recorded, and exits with %i",
  async (signal, expected) => {
    const child = begin(folder(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
    const end = ended(child);
    const fleet = await reached(child, 8000);
    child.kill(signal);
    const { code, stdout } = await end;
    expect(code).toBe(expected);
    expect(fleet.filter(isAlive)).toEqual([]);
    const [variant] = (JSON.parse(stdout) as Printed).variants;
    expect(variant!.warnings.map((warning) => warning.code)).toContain("interrupted");
  },
  90_000,
);

test("a disk that is full ends a live run with exit 3 and one message, and nothing is left running", async () => {
  const command = `ulimit -f 16; exec "${process.execPath}" "${BIN}" run scenario.yaml --strategy everywhere ${LIVE.join(" ")}`;
  const child = spawn("bash", ["-c", command], { cwd: folder(), stdio: ["ignore", "pipe", "pipe"] });
  const end = ended(child);
  const fleet = await reached(child, 1000);
  const { code, stdout, stderr } = await end;
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr.match(/error not-writable: .*recording\.jsonl could not be written/g)).toHaveLength(1);
  expect(fleet.filter(isAlive)).toEqual([]);
}, 90_000);

test.each(["service", "inline"])(
  "--isolation %s with --control is judged like any other",
  async (isolation) => {
    const options = ["--isolation", isolation, "--control", "--strategy", "everywhere"];
    const { code, stdout } = await ended(begin(folder(), "run", "scenario.yaml", ...options, ...LIVE));
    expect(JSON.parse(stdout)).toMatchObject({ engine: "live", variants: [{ outcome: "unmitigated" }] });
    expect(code).toBe(0);
  },
  120_000,
);

test("a second Ctrl-C ends at once, and the guard leaves no process of the fleet", async () => {
  const child = begin(folder(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
  const end = ended(child);
  const fleet = await reached(child, 2000);
  child.kill("SIGINT");
  child.kill("SIGINT");
  await sleep(50);
  child.kill("SIGINT");
  expect((await end).code).toBe(130);
  await expect.poll(() => fleet.filter(isAlive), { timeout: 2000 }).toEqual([]);
}, 90_000);

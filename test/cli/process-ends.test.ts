import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { BIN, begin, ended, firebreak, folderWith } from "./firebreak.ts";
import type { Ended } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

function folder(): string {
  return folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration: "2m" }) });
}

/** In a shell, where streams can be redirected and limits set; `$FIREBREAK` is the command. */
function shell(script: string, place = folder()): Promise<Ended> {
  const FIREBREAK = `"${process.execPath}" "${BIN}"`;
  return ended(
    spawn("bash", ["-c", script.replaceAll("FIREBREAK", FIREBREAK)], { cwd: place, stdio: ["ignore", "pipe", "pipe"] }),
  );
}

const FULL = "error not-writable: the disk is full: ENOSPC: no space left on device, write\n\n1 error\n";

test.each(["run scenario.yaml --progress quiet", "check scenario.yaml", "schema scenario", "plan scenario.yaml"])(
  "a stdout that is full ends `%s` with exit 3 and one message",
  async (command) => {
    expect(await shell(`FIREBREAK ${command} >/dev/full`)).toEqual({ code: 3, stdout: "", stderr: FULL });
  },
);

test("progress that cannot be written costs nothing", async () => {
  const { code, stdout } = await shell("FIREBREAK run scenario.yaml --reporter json 2>/dev/full");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ passed: true });
});

test("whoever reads one line only gets it, and the command ends as if all had been read", async () => {
  const { code, stdout, stderr } = await shell(
    "set -o pipefail; FIREBREAK run scenario.yaml --progress quiet | head -1",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^small · sim · seed 7 .*\n$/);
});

// Longer than what a pipe holds: the command is still writing when its reader has left.
test.each(["schema scenario", "schema topology"])(
  "whoever closes the pipe while `%s` is still writing into it leaves it to end quietly with its own code",
  async (command) => {
    const { code, stdout, stderr } = await shell(`set -o pipefail; FIREBREAK ${command} | head -1`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "{\n", stderr: "" });
  },
);

test("a reporter whose disk is full ends with exit 3, and the others report", async () => {
  const { code, stdout, stderr } = await firebreak(
    folder(),
    "run",
    "scenario.yaml",
    "--progress",
    "quiet",
    "--reporter",
    "json=/dev/full",
    "--reporter",
    "console",
  );
  expect(code).toBe(3);
  expect(stderr).toContain("error reporter-failed: the reporter json=/dev/full failed: ENOSPC");
  expect(stdout).toContain("contained");
});

test("a recording that the system cuts short ends with exit 3 and one message", async () => {
  const { code, stdout, stderr } = await shell("ulimit -f 16; FIREBREAK run scenario.yaml --progress plain");
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(/error not-writable: .*recording\.jsonl could not be written/);
  expect(stderr.match(/not-writable/g)).toHaveLength(1);
  expect(stderr).toContain("small on sim: stopped;");
});

test("an error that nobody awaited is our bug: exit 70, and what to report", async () => {
  const place = folder();
  const stumble = "data:text/javascript,setTimeout(() => { throw new TypeError('a stumble') }, 300)";
  const child = spawn(process.execPath, ["--import", stumble, BIN, "run", "scenario.yaml", "--var", "share=29%"], {
    cwd: place,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { code, stderr } = await ended(child);
  expect(code).toBe(70);
  expect(stderr).toContain("error internal-error: Firebreak contradicted itself.");
  expect(stderr).toContain("  firebreak run scenario.yaml --var share=29%\n  TypeError: a stumble\n");
});

test("the same file gives the same bytes from wherever it is run", async () => {
  const place = folder();
  await firebreak(place, "run", "scenario.yaml", "--out", "here");
  await firebreak(
    path.dirname(place),
    "run",
    path.join(path.basename(place), "scenario.yaml"),
    "--out",
    `${place}/there`,
  );
  for (const run of ["_control", "everywhere", "canary"]) {
    const bytes = (out: string): Buffer => readFileSync(path.join(place, out, run, "recording.jsonl"));
    expect(bytes("there").equals(bytes("here"))).toBe(true);
  }
  await firebreak(place, "run", "scenario.yaml", "--out", "other", "--seed", "8");
  const digest = (out: string): string => readFileSync(path.join(place, out, "canary/recording.jsonl"), "utf8");
  expect(digest("other")).not.toBe(digest("here"));
});

test("a command that is closed on both sides still ends by itself", async () => {
  const child = begin(folder(), "run", "scenario.yaml");
  const end = ended(child);
  child.stdout!.destroy();
  child.stderr!.destroy();
  expect((await end).code).toBe(0);
});

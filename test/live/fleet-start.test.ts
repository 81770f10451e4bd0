// Fleets that do not start, and recordings that cannot be written: a clear failure, and nothing left running.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { MemoryRecording } from "../../harness/recording/memory-recording.ts";
import { fleetProcesses } from "./fleet-processes.ts";
import { runInto, runLive } from "./run-live.ts";
import { twoTiers } from "./small-plan.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebreak-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  const left = fleetProcesses(process.pid).length;
  if (left > 0) throw new Error(`${left} processes were left running`);
});

function script(name: string, lines: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("an executable that is missing", async () => {
  const run = runLive(twoTiers(), { isolation: "process", executable: join(folder, "nowhere") });
  await expect(run).rejects.toMatchObject({ name: "EngineFailure", code: "executable-missing" });
});

test("an executable that may not be executed", async () => {
  const path = script("forbidden", "exit 0");
  chmodSync(path, 0o644);
  const run = runLive(twoTiers(), { isolation: "process", executable: path });
  await expect(run).rejects.toMatchObject({ code: "executable-missing" });
});

test("one that exits at once: what it said last is in the message", async () => {
  const path = script("hasty", "echo this machine is not good enough >&2; exit 9");
  const run = runLive(twoTiers(), { isolation: "process", executable: path });
  await expect(run).rejects.toMatchObject({ code: "exited-at-once" });
  await expect(run).rejects.toThrow(/exited with code 9:\nthis machine is not good enough/);
});

test("one that never becomes ready", async () => {
  const path = script("sleepy", "exec sleep 60");
  const run = runLive(twoTiers(), { isolation: "process", executable: path, startWithinMs: 500 });
  await expect(run).rejects.toMatchObject({ code: "fleet-not-started" });
  await expect(run).rejects.toThrow("after 0.5 s 0 of 3 instances became ready, front#0 did not");
});

test.each([2, 7, 9])("a system that lets it open %i files more, too few for a fleet", (files) => {
  const entry = fileURLToPath(new URL("few-files.ts", import.meta.url));
  const command = `ulimit -n 100; exec "${process.execPath}" "${entry}" ${files}`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8", timeout: 8_000 });
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^EngineFailure fleet-not-started: raise the limit with `ulimit -n`/),
    stderr: "",
  });
});

test("a recording that cannot be written any more", async () => {
  const disk = new MemoryRecording();
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  disk.bucket = () => {
    throw full;
  };
  await expect(runInto(disk, twoTiers({ endMs: 30_000 }), { isolation: "process" })).rejects.toBe(full);
});

// Live runs that nobody could judge: exit 3, the reason, and nothing left running.
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { fleetProcesses } from "../live/fleet-processes.ts";
import { BIN, begin, ended, folderWith } from "./firebreak.ts";
import type { Ended } from "./firebreak.ts";
import { LIVE, isAlive, reached, shortRehearsal } from "./live-fleet.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

test("a load generator that could not keep its schedule leaves a run that is not judged", async () => {
  const child = begin(shortRehearsal(), "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE);
  const end = ended(child);
  const fleet = await reached(child, 1000);
  const generator = fleetProcesses(child.pid!).find(({ entry }) => entry === "load-process.js")!;
  // Of twelve seconds it misses four: a third of the requests leave late, where a tenth is too many.
  process.kill(generator.pid, "SIGSTOP");
  await sleep(4000);
  process.kill(generator.pid, "SIGCONT");
  const { code, stdout, stderr } = await end;
  const [variant] = (JSON.parse(stdout) as { variants: unknown[] }).variants;
  const message = expect.stringContaining("the load generator fell behind: 1 % of the requests left");
  expect(variant).toMatchObject({ outcome: "invalid", passed: false });
  expect(variant).toMatchObject({ warnings: expect.arrayContaining([{ code: "generator-saturated", message }]) });
  expect({ code, stderr: stderr.includes("internal-error") }).toEqual({ code: 3, stderr: false });
  expect(fleet.filter(isAlive)).toEqual([]);
}, 90_000);

/**
 * Runs the command on a copy of Node that is gone once the harness is under way, as after an update: the fleet is then
 * started with `script`, or with nothing where that is null. `pids` are the processes that ran the script.
 */
async function onNodeThatBecomes(script: string | null): Promise<Ended & { readonly pids: readonly number[] }> {
  // Ten minutes are simulated first, which leaves time for the exchange.
  const place = folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": scenario({ duration: "10m" }) });
  const node = path.join(place, "node");
  const other = path.join(place, "other");
  const pids = path.join(place, "pids");
  copyFileSync(process.execPath, node);
  writeFileSync(other, `#!/bin/sh\necho $$ >> "${pids}"\n${script ?? ""}\n`);
  chmodSync(other, 0o755);
  const command = [BIN, "run", "scenario.yaml", "--strategy", "everywhere", ...LIVE];
  const child = spawn(node, command, { cwd: place, stdio: ["ignore", "pipe", "pipe"] });
  const end = ended(child);
  await once(child.stderr, "data");
  if (script === null) rmSync(node);
  else renameSync(other, node);
  const result = await end;
  const started = existsSync(pids) ? readFileSync(pids, "utf8").trim().split("\n").map(Number) : [];
  return { ...result, pids: started };
}

test("a fleet whose executable is gone does not start: exit 3 and the system's reason", async () => {
  const { code, stdout, stderr } = await onNodeThatBecomes(null);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(/^error fleet-not-started: the guard process did not start: spawn .*\/node ENOENT$/m);
}, 60_000);

test("a fleet whose processes end at once does not start: exit 3, what they said last, and nothing left", async () => {
  const guard = `case "$1" in *guard-process*) exec "${process.execPath}" "$@";; esac`;
  const hasty = "echo this machine is not good enough >&2; exit 9";
  const { code, stdout, stderr, pids } = await onNodeThatBecomes(`${guard}\n${hasty}`);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(/^error exited-at-once: \S.* exited with code 9:\n {6}this machine is not good enough$/m);
  // The guard, and whichever of the fleet had begun when the first of it ended.
  expect(pids.length).toBeGreaterThan(1);
  expect(pids.filter(isAlive)).toEqual([]);
}, 60_000);

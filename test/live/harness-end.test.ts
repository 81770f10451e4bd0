// However the harness comes to its end, its fleet ends with it.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { fleetProcesses, isAlive } from "./fleet-processes.ts";

const harnesses: ChildProcess[] = [];
afterEach(() => {
  for (const harness of harnesses.splice(0)) harness.kill("SIGKILL");
});

/** A harness in a process of its own, in the middle of a run in which one instance stands still for good. */
async function harnessInTheMiddle(): Promise<{ harness: ChildProcess; fleet: number[]; output: () => string }> {
  const script = new URL("./harness-process.ts", import.meta.url);
  const harness = spawn(process.execPath, [script.pathname], { stdio: ["ignore", "pipe", "inherit"] });
  harnesses.push(harness);
  let output = "";
  harness.stdout.on("data", (text: Buffer) => (output += String(text)));
  for (let waits = 0; waits < 300; waits++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const fleet = fleetProcesses(harness.pid!);
    if (fleet.some(({ state }) => state === "T"))
      return { harness, fleet: fleet.map(({ pid }) => pid), output: () => output };
  }
  throw new Error(`no instance was stopped:\n${output}`);
}

async function goneWithin(fleet: readonly number[], withinMs: number): Promise<number[]> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline && fleet.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
  return fleet.filter(isAlive);
}

test("SIGKILL of the harness while an instance is stopped: nobody is left after 2 s", async () => {
  const { harness, fleet } = await harnessInTheMiddle();
  expect(fleet).toHaveLength(5);
  harness.kill("SIGKILL");
  expect(await goneWithin(fleet, 2_000)).toEqual([]);
});

test("Ctrl-C: the fleet goes down, the run says that it was interrupted, and the harness ends by itself", async () => {
  const { harness, fleet, output } = await harnessInTheMiddle();
  const ended = new Promise<number | null>((resolve) => harness.on("close", resolve));
  harness.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(output()).toContain('"reason":"interrupted"');
  expect(await goneWithin(fleet, 0)).toEqual([]);
});

test("the end of the guard makes the run unsound", async () => {
  const { harness, output } = await harnessInTheMiddle();
  const ended = new Promise<number | null>((resolve) => harness.on("close", resolve));
  const guard = fleetProcesses(harness.pid!).find(({ entry }) => entry.startsWith("guard"))!;
  process.kill(guard.pid, "SIGKILL");
  await ended;
  expect(output()).toContain('"code":"fleet-lost"');
});

// How long the fleet outlives a harness that is killed with SIGKILL while one of its instances is stopped.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fleetProcesses, isAlive } from "../../live/fleet-processes.ts";
import type { LiveOptions } from "./live-options.ts";
import { rowOf } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";

const HARNESS = fileURLToPath(new URL("../../live/harness-process.ts", import.meta.url));
const STARTED_WITHIN_MS = 60_000;
const GONE_WITHIN_MS = 30_000;

export async function suddenEnd({ rounds, say }: LiveOptions): Promise<LiveRow[]> {
  const seconds: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`sudden end: round ${round} of ${rounds}`);
    seconds.push(await once());
  }
  return [rowOf("harness killed with SIGKILL, last process of the fleet gone after", seconds, "s", { atMost: 2 })];
}

async function once(): Promise<number> {
  const harness = spawn(process.execPath, [HARNESS], { stdio: "ignore" });
  const isStopped = (): boolean => fleetProcesses(harness.pid!).some(({ state }) => state === "T");
  await until(isStopped, STARTED_WITHIN_MS, "no instance was stopped");
  const fleet = fleetProcesses(harness.pid!).map(({ pid }) => pid);
  const startMs = performance.now();
  harness.kill("SIGKILL");
  await until(() => !fleet.some(isAlive), GONE_WITHIN_MS, "the fleet outlived its harness");
  return (performance.now() - startMs) / 1000;
}

async function until(isSo: () => boolean, withinMs: number, otherwise: string): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

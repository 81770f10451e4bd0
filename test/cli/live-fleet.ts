// What the tests of live runs share: a scenario of a dozen seconds, and the processes that it starts.
import type { ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { folderWith } from "./firebreak.ts";
import { TOPOLOGY, scenario } from "./small-scenario.ts";

/** A third of the time: a dozen seconds a run, and windows of three. */
export const LIVE = ["--engine", "live", "--compress", "3", "--progress", "json", "--reporter", "json"];

export function shortRehearsal(): string {
  const short = scenario({ duration: "30s" }).replace("warmUp: 20s", "warmUp: 5s").replace("at: 30s", "at: 12s");
  return folderWith({ "topology.yaml": TOPOLOGY, "scenario.yaml": short });
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

export function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits until a live run has come this far, and answers with the processes it then had. */
export async function reached(child: ChildProcess, runMs: number): Promise<number[]> {
  await new Promise<void>((resolve) => {
    child.stderr!.on("data", (text: string) => {
      for (const [, reachedMs] of text.matchAll(/"engine":"live","runs":\[\{[^}]*"phase":"running","runMs":(\d+)/g)) {
        if (Number(reachedMs) >= runMs) resolve();
      }
    });
  });
  return descendants(child.pid!);
}

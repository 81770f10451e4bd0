// Starts a process of the live fleet; also where the system has no room for its pipes, which `spawn` leaves half done.
import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { EngineFailure } from "../engine/engine.ts";

/** As `spawn`: what hinders a start is the child's `error`. Throws `fleet-not-started` where too many files are open. */
export function spawnProcess(executable: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(executable, args, options);
  // Without files for its pipes there are none, and the error that comes later has nobody to hear it.
  if ("stdio" in child) return child;
  (child as ChildProcess).on("error", () => {});
  throw new EngineFailure(
    "fleet-not-started",
    `${executable} could not be started: too many files are open`,
    "raise the limit with `ulimit -n`; a smaller --scale, or --isolation service, needs fewer",
  );
}

// The harness's end of the guard: writes down which processes must not outlive it.
import type { ChildProcess } from "node:child_process";
import { EngineFailure } from "../engine/engine.ts";
import { spawnProcess } from "./spawn-process.ts";

const READY_WITHIN_MS = 10_000;

export class Guard {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves when the guard listens. Rejects with `fleet-not-started`. */
  static async start(executable: string, entry: string): Promise<Guard> {
    // In a session of its own, so that Ctrl-C in the terminal does not reach it.
    const child = spawnProcess(executable, [entry], { detached: true, stdio: ["pipe", "pipe", "ignore"], env: {} });
    // The harness may end while this pipe still holds lines: that is what the guard is for.
    child.stdin!.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string): void => {
        child.kill("SIGKILL");
        reject(new EngineFailure("fleet-not-started", `the guard process did not start: ${why}`));
      };
      const timer = setTimeout(() => failed(`no answer in ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
      child.once("error", (error) => failed(error.message));
      child.once("exit", (code) => failed(`it exited with code ${code}`));
      child.stdout!.once("data", () => {
        clearTimeout(timer);
        resolve();
      });
      child.once("close", () => clearTimeout(timer));
    });
    return new Guard(child);
  }

  get pid(): number {
    return this.#process.pid!;
  }

  watch(pid: number): void {
    this.#process.stdin!.write(`+${pid}\n`);
  }

  /** It was reaped: its number may soon belong to somebody else. */
  forget(pid: number): void {
    this.#process.stdin!.write(`-${pid}\n`);
  }

  /** Called if the guard ends before it is closed: from then on a killed harness would leave its fleet behind. */
  onLost(handle: () => void): void {
    this.#process.once("exit", handle);
  }

  /** Resolves when the guard is gone. */
  async close(): Promise<void> {
    this.#process.removeAllListeners("exit");
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      this.#process.once("exit", () => resolve());
      this.#process.stdin!.end();
    });
  }
}

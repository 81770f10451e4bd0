// The target process as the bench holds it: its port, its freezing, what it saw.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("target-process.ts", import.meta.url));

export class Target {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<Target> {
    const child = spawn(process.execPath, [ENTRY], { stdio: ["pipe", "pipe", "inherit"] });
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.once("data", (text: Buffer) => resolve(Number(String(text))));
      child.once("exit", (code) => reject(new Error(`the target ended with ${code}`)));
    });
    return new Target(child, port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/get`;
  }

  /** When requests arrived since it was last asked, in milliseconds. */
  async arrivalsMs(): Promise<number[]> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/arrivals`);
    return (await answer.json()) as number[];
  }

  /** Stands still for so long, after a while. */
  freeze(afterMs: number, forMs: number): void {
    setTimeout(() => this.#child.kill("SIGSTOP"), afterMs);
    setTimeout(() => this.#child.kill("SIGCONT"), afterMs + forMs);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin!.end();
    await ended;
  }
}

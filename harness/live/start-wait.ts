// Waiting for the fleet while it is started: until it is so far, or it is clear that it never will be.
import { EngineFailure } from "../engine/engine.ts";
import { exitText } from "./fleet-member.ts";
import type { HostExit } from "./host-process.ts";

interface Waiting {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class StartWait {
  #waiting: Waiting | null = null;
  #failure: EngineFailure | null = null;

  /**
   * Resolves when `isDone` holds at some `look`. Rejects with an EngineFailure: `executable-missing`, `exited-at-once`,
   * or after `withinMs` `fleet-not-started` with how far it came. Rejects with the signal's reason when aborted.
   */
  until(isDone: () => boolean, howFar: () => string, withinMs: number, signal: AbortSignal): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (isDone()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => reject(signal.reason as Error);
    const timer = setTimeout(() => {
      const hint = "a smaller --scale, or --isolation service, starts faster";
      reject(new EngineFailure("fleet-not-started", `after ${withinMs / 1000} s ${howFar()}`, hint));
    }, withinMs);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting = { isDone, resolve, reject };
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      this.#waiting = null;
    });
  }

  /** Something happened that may be what is waited for. */
  look(): void {
    if (this.#waiting?.isDone() === true) this.#waiting.resolve();
  }

  /** A process ended by itself before the run began. */
  fail(name: string, exit: HostExit): void {
    const isMissing = exit.startError !== null;
    this.#failure ??= new EngineFailure(
      isMissing ? "executable-missing" : "exited-at-once",
      `${name} ${exitText(exit)}`,
      isMissing ? "the fleet runs on the Node.js that runs firebreak; is it still there?" : null,
    );
    this.#waiting?.reject(this.#failure);
  }
}

// Ctrl-C and SIGTERM: the first ends the run gracefully (fleet down, what was recorded reported), the second at once.
import { INTERRUPTED, TERMINATED } from "./exit.ts";
import type { ExitCode } from "./exit.ts";

export class Interruption {
  readonly #controller = new AbortController();
  #code: ExitCode | null = null;
  readonly #onInterrupt = (): void => this.#receive(INTERRUPTED);
  readonly #onTerminate = (): void => this.#receive(TERMINATED);

  constructor() {
    process.on("SIGINT", this.#onInterrupt);
    process.on("SIGTERM", this.#onTerminate);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the signal asks for, or null where none came. */
  get code(): ExitCode | null {
    return this.#code;
  }

  /** Gives the signals back, so that a process without work can end. */
  release(): void {
    process.off("SIGINT", this.#onInterrupt);
    process.off("SIGTERM", this.#onTerminate);
  }

  #receive(code: ExitCode): void {
    if (this.#code !== null) process.exit(code);
    this.#code = code;
    process.stderr.write("\nfirebreak: stopping, and reporting what was recorded; once more to stop at once\n");
    this.#controller.abort();
  }
}

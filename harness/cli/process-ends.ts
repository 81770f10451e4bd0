// What can go wrong outside of any call: a stream that refuses what is written, an error that nobody awaited.
// Neither may end in a stack trace or in exit code 1, which says that a verdict failed.
import { EXIT } from "../core/codes.ts";
import { ending, systemText } from "./exit.ts";
import type { ExitCode } from "./exit.ts";

export class ProcessEnds {
  #refusal: NodeJS.ErrnoException | null = null;
  /** Nothing more of stdout arrives anywhere. */
  readonly #isStdoutGone: Promise<void>;

  constructor() {
    // Seen from the beginning: of a stream that failed before somebody asks, neither event comes again.
    this.#isStdoutGone = new Promise((resolve) => {
      process.stdout.once("error", () => resolve());
      process.stdout.once("close", () => resolve());
    });
    // Whoever reads our output may stop reading (`| head`): that is no error of this run. Progress that cannot be
    // written is none either.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#refusal ??= error;
    });
    process.stderr.on("error", () => {});
    process.once("uncaughtException", (error) => {
      const { text, code } = ending(error);
      process.stderr.write(text);
      // The guard takes the fleet down with us.
      process.exit(code);
    });
  }

  /** The exit code of a command that ended with `code`, once stdout has taken everything or refused it. */
  async settled(code: ExitCode): Promise<ExitCode> {
    if (process.stdout.writableNeedDrain)
      await Promise.race([
        // `once` of node:events would make an error of the reader's leaving.
        new Promise<void>((resolve) => process.stdout.once("drain", resolve)),
        this.#isStdoutGone,
      ]);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#refusal === null) return code;
    process.stderr.write(systemText(this.#refusal));
    return code === EXIT.passed ? EXIT.notJudged : code;
  }
}

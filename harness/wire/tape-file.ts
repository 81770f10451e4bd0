// A tape in a file, JSON lines. Written synchronously and whole: its process may be killed at any time, and what is in
// the file then are machines told to the end.
import { appendFileSync, writeFileSync } from "node:fs";
import { tapeText } from "../core/tape.ts";
import type { Tape, TapeLine } from "../core/tape.ts";
import type { Plan } from "../model/plan.ts";

/** Lines that wait to be written. */
const LINES = 4_096;

export class TapeFile implements Tape {
  readonly #path: string;
  #lines: string[] = [];

  constructor(path: string, plan: Plan) {
    this.#path = path;
    writeFileSync(path, "");
    this.write(["plan", plan]);
  }

  write(line: TapeLine): void {
    if (line[0] !== "answer" && this.#lines.length >= LINES) this.flush();
    // Now, and not when it is written: arrays and objects of machines change.
    this.#lines.push(`${tapeText(line)}\n`);
  }

  /** Not while a machine is answering. */
  flush(): void {
    appendFileSync(this.#path, this.#lines.join(""));
    this.#lines = [];
  }
}

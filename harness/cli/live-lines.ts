// A block of lines at the bottom of a terminal, redrawn in place.

export class LiveLines {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  get rows(): number {
    return this.#stream.rows ?? 24;
  }

  /** Replaces the lines drawn last. Each must fit the width, or the block would not be found again. */
  draw(lines: readonly string[]): void {
    const up = this.#drawn === 0 ? "" : `\u001B[${this.#drawn}A`;
    // Line by line, and what is left of a higher block last: nothing flickers, and no terminal takes it for a
    // cleared screen that belongs into its history.
    this.#stream.write(`${up}\r${lines.map((line) => `${line}\u001B[K\n`).join("")}\u001B[J`);
    this.#drawn = lines.length;
  }

  /** What stands there now stays; the next drawing begins below it. */
  keep(): void {
    this.#drawn = 0;
  }
}

// A recording written to `recording.jsonl` in the folder of its run, line by line: whatever ends the process,
// the lines written so far can be read.
import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { assert } from "../core/assert.ts";
import type { Bucket } from "../signals/bucket.ts";
import type { RunEvent } from "./event.ts";
import { makeFolder } from "./folder.ts";
import type { Line } from "./line.ts";
import { encodeLine } from "./line.ts";
import type { RecordingHeader, RecordingSink, RunEnd } from "./recording.ts";
import { writing } from "./recording-failure.ts";

export const RECORDING_FILE = "recording.jsonl";

/** A simulated run is written in pieces of about this size; a live one line by line, because it can be killed. */
const CHUNK_BYTES = 256 * 1024;
/** A character of a string takes no more in UTF-8. */
const MOST_BYTES_PER_CHARACTER = 3;
const NEWLINE = 10;

export class FileRecording implements RecordingSink {
  readonly file: string;
  readonly #descriptor: number;
  /** What is not written yet: the first `#pendingBytes` of it. Used again for every piece; larger once a line wants it. */
  #pending = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #pendingBytes = 0;
  #isLive = false;
  #state: "new" | "open" | "closed" = "new";

  /** Creates the folder. Throws RecordingFailure, here and in every later call, where the disk refuses. */
  constructor(directory: string) {
    this.file = path.join(directory, RECORDING_FILE);
    this.#descriptor = writing(this.file, () => {
      makeFolder(directory);
      return openSync(this.file, "w");
    });
  }

  begin(header: RecordingHeader): void {
    assert(this.#state === "new", "a recording begins once");
    this.#state = "open";
    this.#isLive = header.engine === "live";
    this.#write({ header });
    this.#flush();
  }

  bucket(bucket: Bucket): void {
    this.#write({ bucket });
  }

  event(event: RunEvent): void {
    this.#write({ event });
  }

  end(end: RunEnd): void {
    this.#write({ end });
    this.close();
  }

  /** Writes what is pending and lets the file go; safe to call after a failure, and twice. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    try {
      this.#flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #write(line: Line): void {
    assert(this.#state === "open", "a recording is written between its beginning and its end");
    const text = encodeLine(line);
    const mostBytes = text.length * MOST_BYTES_PER_CHARACTER + 1;
    if (this.#pendingBytes + mostBytes > this.#pending.length) this.#flush();
    if (mostBytes > this.#pending.length) this.#pending = Buffer.allocUnsafeSlow(2 * mostBytes);
    this.#pendingBytes += this.#pending.write(text, this.#pendingBytes);
    this.#pending[this.#pendingBytes++] = NEWLINE;
    if (this.#isLive) this.#flush();
  }

  #flush(): void {
    const bytes = this.#pendingBytes;
    this.#pendingBytes = 0;
    writing(this.file, () => {
      let written = 0;
      while (written < bytes) written += writeSync(this.#descriptor, this.#pending, written, bytes - written);
    });
  }
}

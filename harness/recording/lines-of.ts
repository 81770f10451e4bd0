// The lines of a file, read piece by piece, so that a recording of any length needs little memory.
import { closeSync, openSync, readSync } from "node:fs";

const PIECE_BYTES = 1024 * 1024;
const LINE_BREAK = 10;

/** A line longer than this is refused by whoever reads it: no bucket comes near it. */
export const LINE_LIMIT_BYTES = 64 * 1024 * 1024;

export interface FileLine {
  /** Counts from 1. */
  readonly number: number;
  readonly text: string;
  /** False for a last line that was cut off in the middle. */
  readonly isWhole: boolean;
}

/** Throws what the file system throws; stops with a line that is not whole where one is too long. */
export function* linesOf(file: string): Generator<FileLine> {
  const descriptor = openSync(file, "r");
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let begun: Buffer[] = [];
    let begunBytes = 0;
    let number = 1;
    for (let bytes = readSync(descriptor, piece); bytes > 0; bytes = readSync(descriptor, piece)) {
      let start = 0;
      for (let end = piece.indexOf(LINE_BREAK); end >= 0 && end < bytes; end = piece.indexOf(LINE_BREAK, start)) {
        begun.push(piece.subarray(start, end));
        yield { number: number++, text: Buffer.concat(begun).toString("utf8"), isWhole: true };
        begun = [];
        begunBytes = 0;
        start = end + 1;
      }
      if (start >= bytes) continue;
      begun.push(Buffer.from(piece.subarray(start, bytes)));
      begunBytes += bytes - start;
      if (begunBytes > LINE_LIMIT_BYTES) break;
    }
    if (begunBytes > 0) yield { number, text: Buffer.concat(begun).toString("utf8"), isWhole: false };
  } finally {
    closeSync(descriptor);
  }
}

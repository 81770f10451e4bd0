// Files to located trees: the only part of the language that touches the disk.
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Place } from "../model/problem.ts";
import type { Node } from "./node.ts";
import type { Problems } from "./problems.ts";
import { FILE_BYTES_LIMIT, readDocument } from "./read-document.ts";

/** Reads a YAML file; `namedAt` is where the user named it (null: on the command line). Null when it cannot be read. */
export function readFile(file: string, namedAt: Place | null, problems: Problems): Node | null {
  problems.reads(file);
  const bytes = readBytes(file);
  if (typeof bytes === "string") {
    problems.error("unreadable-file", namedAt, `cannot read ${file}: ${bytes}`);
    return null;
  }
  if (bytes.length > FILE_BYTES_LIMIT) {
    const start = { file, line: 1, column: 1, length: 1 };
    problems.error(
      "file-too-large",
      start,
      "the file is larger than 1 MiB",
      "generated topologies can be split with `extends`",
    );
    return null;
  }
  return readDocument(file, bytes.toString("utf8").replace(/^\uFEFF/, ""), problems);
}

/** The path that `name` means when `file` says it: relative to the file. */
export function beside(file: string, name: string): string {
  return join(dirname(file), name);
}

/** At most one byte more than the limit; the reason as text where it cannot be read. */
function readBytes(file: string): Buffer | string {
  let descriptor: number | null = null;
  try {
    // A pipe or device could keep a reader waiting for ever.
    if (!statSync(file).isFile()) return "it is not a file";
    descriptor = openSync(file, "r");
    const buffer = Buffer.alloc(FILE_BYTES_LIMIT + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (error) {
    return reasonOf((error as NodeJS.ErrnoException).code);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function reasonOf(code: string | undefined): string {
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
      return "permission denied";
    default:
      return code ?? "it cannot be opened";
  }
}

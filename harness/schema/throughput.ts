// How fast a link or a disk is: requests wait for it, so compress leaves it alone.
import { bytesOf, SIZE_PATTERN } from "./size.ts";
import { written } from "./written.ts";

/** `2MiB/s`; bytes per second, above 0. */
export function throughput() {
  return written({
    what: "a size per second",
    code: "bad-size",
    hint: "write a size and `/s`, such as `2MiB/s`",
    read: throughputOf,
    json: { type: "string", pattern: `${SIZE_PATTERN.slice(0, -1)}/s$` },
  });
}

function throughputOf(value: unknown): number | null {
  if (typeof value !== "string" || !value.endsWith("/s")) return null;
  const bytes = bytesOf(value.slice(0, -2));
  return bytes === null || bytes === 0 ? null : bytes;
}

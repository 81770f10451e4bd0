// Sizes of memory and data.
import { written } from "./written.ts";

const PATTERN = "^(\\d+(?:\\.\\d+)?)(B|KiB|MiB|GiB|kB|MB|GB)$";
const pattern = new RegExp(PATTERN);
const BYTES = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
} as const;

/** `512MiB`; bytes. */
export function size() {
  return written({
    what: "a size",
    code: "bad-size",
    hint: "write a number and a unit (B, KiB, MiB, GiB, kB, MB or GB), such as `512MiB`",
    read: bytesOf,
    json: { type: "string", pattern: PATTERN },
  });
}

function bytesOf(value: unknown): number | null {
  const match = typeof value === "string" ? pattern.exec(value) : null;
  return match === null ? null : Number(match[1]) * BYTES[match[2] as keyof typeof BYTES];
}

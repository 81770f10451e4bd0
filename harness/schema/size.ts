// Sizes of memory and data.
import { written } from "./written.ts";

export const SIZE_PATTERN = "^(\\d+(?:\\.\\d+)?)(B|KiB|MiB|GiB|kB|MB|GB)$";
const pattern = new RegExp(SIZE_PATTERN);
const BYTES = {
  B: 1,
  KiB: 1024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
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
    json: { type: "string", pattern: SIZE_PATTERN },
  });
}

/** Bytes of a written size, or null. */
export function bytesOf(value: unknown): number | null {
  const match = typeof value === "string" ? pattern.exec(value) : null;
  return match === null ? null : Number(match[1]) * BYTES[match[2] as keyof typeof BYTES];
}

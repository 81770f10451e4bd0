// How fast something grows: a size per time. It fills what control loops look after, so its time is control time.
import type { ControlTime } from "./duration.ts";
import { MS_PER_UNIT } from "./duration.ts";
import { bytesOf, SIZE_PATTERN } from "./size.ts";
import { written } from "./written.ts";

/** So many bytes in such a time, which `compress` divides. */
export interface SizeRate {
  readonly bytes: number;
  readonly per: ControlTime;
}

const PATTERN = `${SIZE_PATTERN.slice(0, -1)}/(s|m|h)$`;

/** `2MiB/s` or `1GiB/h`. */
export function sizeRate() {
  return written({
    what: "a size per time",
    code: "bad-size",
    hint: "write a size per second, minute or hour, such as `2MiB/s`",
    read: sizeRateOf,
    json: { type: "string", pattern: PATTERN },
  });
}

function sizeRateOf(value: unknown): SizeRate | null {
  if (typeof value !== "string") return null;
  const [size = "", unit = ""] = value.split("/");
  const bytes = bytesOf(size);
  if (bytes === null || !new RegExp(PATTERN).test(value)) return null;
  return { bytes, per: { controlMs: MS_PER_UNIT[unit as keyof typeof MS_PER_UNIT] } };
}

// Sizes of memory and data for people: `512 MiB`.
import { numberText } from "./number-text.ts";

const UNITS = ["B", "KiB", "MiB", "GiB"] as const;

export function sizeText(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${numberText(size)} ${UNITS[unit]}`;
}

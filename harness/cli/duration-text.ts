// Wall time and run time for people: `850 ms`, `12 s`, `4 min 5 s`, `1 h 2 min`.
import { numberText } from "./number-text.ts";

export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, "min", seconds % 60, "s");
  return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** A time that somebody chose, so without rounding to whole seconds: `1.5 s`, `1 min 30 s`; never `1 min 60 s`. */
export function spanText(ms: number): string {
  const inMs = numberText(ms);
  if (Number(inMs) < 1000) return `${inMs} ms`;
  const inSeconds = numberText(ms / 1000);
  if (Number(inSeconds) < 60) return `${inSeconds} s`;
  if (ms < 3_599_950) return parts(ms / 1000, "min", "s");
  return parts(ms / 60_000, "h", "min");
}

/** The rest is rounded first: what rounds to 60 is one more of the large unit. */
function parts(small: number, largeUnit: string, smallUnit: string): string {
  const rest = numberText(small % 60);
  const large = Math.floor(small / 60);
  return rest === "60" ? `${large + 1} ${largeUnit}` : joined(large, largeUnit, rest, smallUnit);
}

/** A place on the run's clock: `12:05`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The same to the millisecond: `0:30`, `0:06.2`. */
export function momentText(ms: number): string {
  const rest = Math.round(Math.max(0, ms)) % 1000;
  return rest === 0 ? clockText(Math.round(ms)) : `${clockText(ms)}${String(rest / 1000).slice(1)}`;
}

function joined(large: number, largeUnit: string, small: number | string, smallUnit: string): string {
  return Number(small) === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

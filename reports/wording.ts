// Numbers as people read them, in as few characters as they need.

/** `0 %`, `0.4 %`, `1.2 %`, `93 %`; never 0 % or 100 % where it is not quite so. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.1) return "<0.1 %";
  if (value > 99.9) return ">99.9 %";
  if (value > 99) return `${Math.floor(value * 10) / 10} %`;
  return `${value < 10 ? Number(value.toPrecision(2)) : Math.round(value)} %`;
}

/** `0s`, `850ms`, `12s`, `4m05s`, `1h02m`. */
export function duration(ms: number): string {
  if (ms === 0) return "0s";
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "m", seconds % 60, "s");
  return two(Math.floor(seconds / 3600), "h", Math.floor((seconds % 3600) / 60), "m");
}

/** A place on the run's clock, from the end of the warm-up: `12:05`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `1,234`, `12.3k`, `4.5M`. */
export function count(value: number): string {
  if (value >= 10_000_000) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 100_000) return `${Number((value / 1e3).toPrecision(3))}k`;
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Three significant digits, with a unit. */
export function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : Number(ms.toPrecision(3))} ms`;
}

export function decimal(value: number): string {
  return value >= 100 ? count(value) : String(Number(value.toPrecision(3)));
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${String(small).padStart(2, "0")}${smallUnit}`;
}

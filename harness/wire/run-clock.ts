// The one clock of a live run. Every process reads the same CLOCK_MONOTONIC of the machine, so their stamps compare.

/**
 * The machine's monotonic clock in milliseconds. `performance.now()` counts from the start of the process and
 * allocates nothing; the distance to `process.hrtime` is constant and read once.
 */
export function monotonicMs(): number {
  return performance.now() + SHIFT_MS;
}

const SHIFT_MS = shiftMs();

/** Run time: milliseconds since the origin that the supervisor chose. Negative before the run begins. */
export class RunClock {
  readonly originMs: number;
  constructor(originMs: number) {
    this.originMs = originMs;
  }
  nowMs(): number {
    return performance.now() + SHIFT_MS - this.originMs;
  }
}

/** The smallest of several readings: the one with the least time between the two clocks. */
function shiftMs(): number {
  let shift = Infinity;
  for (let reading = 0; reading < 9; reading++) {
    const before = performance.now();
    shift = Math.min(shift, Number(process.hrtime.bigint()) / 1e6 - before);
  }
  return shift;
}

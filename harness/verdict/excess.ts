// When is a run worse than its control? The one test behind every "impacted" of the verdict (docs/verdict.md).

/** Requests that ended, and how many of them badly; need not be whole numbers where blame is shared. */
export interface Counts {
  readonly requests: number;
  readonly bad: number;
}

/** Pooled standard errors by which the ratios must differ. */
export const STANDARD_ERRORS = 3;
/** Ratio: half a percentage point. */
export const LEAST_DIFFERENCE = 0.005;
/** Bad requests beyond those that the control's ratio explains. */
export const LEAST_EXCESS_REQUESTS = 5;

/** Absorbs round-off where a difference lies exactly on a limit. */
const ROUND_OFF = 1e-9;

/**
 * True when the bad ratio of `run` exceeds `allowance` (the objective's; null = nothing was promised) and the
 * control's by 3 pooled standard errors of the difference, at least half a percentage point and at least 5
 * requests. Pooled two-proportion test: SE = √(p (1 − p) (1/n₁ + 1/n₀)) with p = (k₁ + k₀) / (n₁ + n₀). A
 * control without any such request has the ratio 0 and adds no error of its own.
 */
export function isExcess(run: Counts, control: Counts, allowance: number | null): boolean {
  if (run.requests <= 0) return false;
  const ratio = badRatio(run);
  if (allowance !== null && ratio <= allowance + ROUND_OFF) return false;
  const difference = ratio - badRatio(control);
  if (difference < LEAST_DIFFERENCE - ROUND_OFF) return false;
  if (difference * run.requests < LEAST_EXCESS_REQUESTS - ROUND_OFF) return false;
  return difference >= STANDARD_ERRORS * pooledError(run, control) - ROUND_OFF;
}

/** Bad ÷ ended, 0..1; 0 where nothing ended. */
export function badRatio({ requests, bad }: Counts): number {
  return requests > 0 ? Math.min(1, bad / requests) : 0;
}

export function add(a: Counts, b: Counts): Counts {
  return { requests: a.requests + b.requests, bad: a.bad + b.bad };
}

export const NONE: Counts = { requests: 0, bad: 0 };

function pooledError(run: Counts, control: Counts): number {
  const pooled = badRatio(add(run, control));
  const inverse = 1 / run.requests + (control.requests > 0 ? 1 / control.requests : 0);
  return Math.sqrt(pooled * (1 - pooled) * inverse);
}

// The arrival rate over time: corners joined by straight lines.
import { assert } from "../core/assert.ts";
import type { RateCorner } from "../model/load-plan.ts";

/** One stage of a load: from `atMs` the rate moves in a straight line to `ratePerSecond`, and arrives `overMs` later. */
export interface Stage {
  /** Run time. */
  readonly atMs: number;
  readonly overMs: number;
  readonly ratePerSecond: number;
}

/** The corners of a load that begins at `ratePerSecond`; stages in order of time, one that begins while another is still moving cuts it off. */
export function rateCorners(ratePerSecond: number, stages: readonly Stage[]): RateCorner[] {
  const corners: RateCorner[] = [{ atMs: 0, ratePerSecond }];
  for (const stage of stages) {
    const from = rateAt(corners, stage.atMs);
    while (corners.at(-1)!.atMs > stage.atMs) corners.pop();
    if (corners.at(-1)!.atMs < stage.atMs || corners.at(-1)!.ratePerSecond !== from)
      corners.push({ atMs: stage.atMs, ratePerSecond: from });
    corners.push({ atMs: stage.atMs + stage.overMs, ratePerSecond: stage.ratePerSecond });
  }
  return corners;
}

/** The rate per second at a moment; at a step, the rate after it. */
export function rateAt(corners: readonly RateCorner[], ms: number): number {
  assert(corners.length > 0 && corners[0]!.atMs === 0, "a rate is known from the start of the run");
  const next = corners.findIndex((corner) => corner.atMs > ms);
  if (next === -1) return corners.at(-1)!.ratePerSecond;
  const before = corners[next - 1]!;
  const after = corners[next]!;
  const share = (ms - before.atMs) / (after.atMs - before.atMs);
  return before.ratePerSecond + share * (after.ratePerSecond - before.ratePerSecond);
}

// Whether this machine can carry a plan at all. Measured: one request between two processes costs 0.14 to 0.19 ms of
// CPU on both sides together; two cores carry 3,000 a second in comfort and fall apart before 10,000.
import { EngineFailure } from "../engine/engine.ts";

/** Requests between processes per second and core. */
const COMFORTABLE_PER_CORE = 1_500;
const MOST_PER_CORE = 4_000;

/** `hopsPerSecond` at the plan's peak. Throws an EngineFailure that names the scale that fits; returns a warning, or null. */
export function checkHopRate(hopsPerSecond: number, scale: number, cores: number): string | null {
  const comfortable = COMFORTABLE_PER_CORE * cores;
  if (hopsPerSecond <= comfortable) return null;
  const fits = scaleText((scale * comfortable) / hopsPerSecond);
  const rate = `${Math.round(hopsPerSecond)} requests per second between its processes`;
  if (hopsPerSecond <= MOST_PER_CORE * cores)
    return `the plan asks for ${rate}; above ${comfortable} this machine adds delays of its own (a scale of ${fits} fits)`;
  throw new EngineFailure(
    "does-not-fit",
    `the plan asks for ${rate}, and this machine (${cores} cores) carries ${MOST_PER_CORE * cores} at the very most`,
    `run it with --scale ${fits}`,
  );
}

/** Rounded down, so that what is named really fits. */
function scaleText(scale: number): string {
  const percent = scale * 100;
  const unit = percent >= 10 ? 1 : percent >= 1 ? 10 : 100;
  return `${Math.max(1 / unit, Math.floor(percent * unit) / unit)}%`;
}

// Whether the load generator kept its schedule. A load that comes late is another load: latencies stay right, being
// counted from the intended time, but bursts and gaps are the generator's own.
import type { GeneratorFigures } from "../wire/control-message.ts";

/** Actual minus intended send time: the reader is told when a hundredth was later than this. */
const SUSPECT_MS = 5;
/** Nothing is judged when a tenth was later than this: one standstill is an accident, this is a generator that cannot. */
const UNSOUND_MS = 50;

/** null where it kept up. */
export function judgeGenerator(figures: GeneratorFigures | null): { isSound: boolean; message: string } | null {
  if (figures === null) return { isSound: false, message: "the load generator did not report how punctual it was" };
  const { sent, dropped, sendErrorMs } = figures;
  if (dropped > 0)
    return { isSound: false, message: `the load generator could not send ${dropped} of ${sent + dropped} requests` };
  if (sendErrorMs.p99 <= SUSPECT_MS) return null;
  const late = `1 % of the requests left ${sendErrorMs.p99.toFixed(1)} ms late or more (the latest ${sendErrorMs.max.toFixed(0)} ms)`;
  return { isSound: sendErrorMs.p90 <= UNSOUND_MS, message: `the load generator fell behind: ${late}` };
}

// How punctual the generator is: actual minus intended send time of what it sent, and what it could not send.
import * as hdr from "hdr-histogram-js";
import type { GeneratorFigures } from "../wire/control-message.ts";

/** More requests in flight than this would exhaust sockets before they say anything about the fleet. */
const MOST_IN_FLIGHT = 10_000;
const LARGEST_US = 60_000_000;

export class SendErrors {
  readonly #histogram = hdr.build({
    bitBucketSize: 32,
    useWebAssembly: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LARGEST_US,
    numberOfSignificantValueDigits: 2,
  });
  #dropped = 0;

  /** A request was due to leave at `dueMs` and it is `nowMs`. */
  sent(dueMs: number, nowMs: number): void {
    // NaN and fractions are accepted silently by the histogram, and spoil it.
    const errorUs = Math.round((nowMs - dueMs) * 1000);
    this.#histogram.recordValue(Math.min(LARGEST_US, Math.max(0, errorUs)));
  }

  /** Whether one more may be on the wire; counts it as dropped where not. */
  hasRoom(inFlight: number): boolean {
    if (inFlight < MOST_IN_FLIGHT) return true;
    this.#dropped++;
    return false;
  }

  figures(): GeneratorFigures {
    // `summary` rounds to three digits; the quantile itself does not.
    const atMs = (percentile: number): number => this.#histogram.getValueAtPercentile(percentile) / 1000;
    const sent = this.#histogram.totalCount;
    const sendErrorMs =
      sent === 0
        ? { p50: 0, p90: 0, p99: 0, max: 0 }
        : { p50: atMs(50), p90: atMs(90), p99: atMs(99), max: this.#histogram.maxValue / 1000 };
    return { sent, dropped: this.#dropped, sendErrorMs };
  }
}

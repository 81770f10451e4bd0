// Moments of a service's latency that no report prints, from the histograms of a recording. Bins are exact to 0.8 %.
import type { Recording } from "../../../harness/recording/recording.ts";
import { binMiddleMs } from "../../../harness/signals/bins.ts";
import { layoutOf } from "../../../harness/signals/layout.ts";

/** The mean of latency², in ms², over what completed after the warm-up. */
export function meanSquare(recording: Recording, service: string): number {
  const { plan } = recording.header;
  const index = plan.services.findIndex(({ name }) => name === service);
  const rows = new Set(layoutOf(plan).serviceRow[index]!.flat());
  let count = 0;
  let sum = 0;
  for (const bucket of recording.buckets()) {
    if (bucket.index * plan.bucketMs < plan.warmUpMs) continue;
    for (const [row, ...pairs] of bucket.serviceLatency) {
      if (!rows.has(row!)) continue;
      for (let at = 0; at < pairs.length; at += 2) {
        count += pairs[at + 1]!;
        sum += pairs[at + 1]! * binMiddleMs(pairs[at]!) ** 2;
      }
    }
  }
  return sum / count;
}

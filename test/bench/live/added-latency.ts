// How exact an injected delay is: latencies with 20 ms added, less 20 ms and the median without.
import { MemoryRecording } from "../../../harness/recording/memory-recording.ts";
import { LatencyBins } from "../../../harness/signals/latency.ts";
import { runInto } from "../../live/run-live.ts";
import type { LiveOptions } from "./live-options.ts";
import { rowOf } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";
import { livePlan } from "./live-scenario.ts";

const ADDED_MS = 20;
/** From the timeline of the scenario, from the end of the warm-up. */
const FROM_MS = 8000;
/** What is under way while the fault begins counts for neither side. */
const SETTLE_MS = 1000;

export async function addedLatency({ rounds, say }: LiveOptions): Promise<LiveRow[]> {
  const p50: number[] = [];
  const p99: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`added latency: round ${round} of ${rounds}`);
    const plan = livePlan("added-latency");
    const sink = new MemoryRecording();
    await runInto(sink, plan, { isolation: "process" });
    const without = new LatencyBins();
    const withFault = new LatencyBins();
    const faultMs = plan.warmUpMs + FROM_MS;
    for (const { index, journeyLatency } of sink.finished().buckets()) {
      const startMs = index * plan.bucketMs;
      const isBefore = startMs >= plan.warmUpMs && startMs < faultMs;
      const bins = isBefore ? without : startMs >= faultMs + SETTLE_MS ? withFault : null;
      if (bins !== null) for (const row of journeyLatency) bins.add(row);
    }
    const baseMs = without.quantileMs(0.5)!;
    p50.push(withFault.quantileMs(0.5)! - baseMs - ADDED_MS);
    p99.push(withFault.quantileMs(0.99)! - baseMs - ADDED_MS);
  }
  return [
    rowOf(`injected ${ADDED_MS} ms, error p50`, p50, "ms", { within: 0.5 }),
    rowOf(`injected ${ADDED_MS} ms, error p99`, p99, "ms", { within: 2 }),
  ];
}

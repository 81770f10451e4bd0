// How exact an injected delay is. The service has no work and no network, so by the model a request takes 20 ms and not
// a microsecond more. What it takes without the fault is the carrying alone.
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
  const bare: number[] = [];
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
    p50.push(withFault.quantileMs(0.5)! - ADDED_MS);
    p99.push(withFault.quantileMs(0.99)! - ADDED_MS);
    bare.push(without.quantileMs(0.5)!);
  }
  return [
    rowOf(`injected ${ADDED_MS} ms: latency less ${ADDED_MS} ms, p50`, p50, "ms", { within: 0.5 }),
    rowOf(`injected ${ADDED_MS} ms: latency less ${ADDED_MS} ms, p99`, p99, "ms", { within: 2 }),
    rowOf("the same request without the fault, p50", bare, "ms", null),
  ];
}

// One run of the product's load generator, its own process driven over its control channel as a supervisor would,
// against a target that is no mock service.
import type { Plan } from "../../../harness/model/plan.ts";
import { fleetBundle } from "../../../harness/live/fleet-bundle.ts";
import { Guard } from "../../../harness/live/guard.ts";
import { spawnHost } from "../../../harness/live/host-process.ts";
import { JOURNEY } from "../../../harness/signals/columns.ts";
import { LatencyBins } from "../../../harness/signals/latency.ts";
import { CONTROL_PROTOCOL } from "../../../harness/wire/control-message.ts";
import type { GeneratorFigures } from "../../../harness/wire/control-message.ts";
import { monotonicMs } from "../../../harness/wire/run-clock.ts";
import { sumOf } from "../sim-run.ts";
import { Heard } from "./heard.ts";
import { cpuSecondsOf } from "./process-table.ts";

export interface GeneratedLoad {
  readonly figures: GeneratorFigures;
  /** Of requests that were answered, from the intended send time. */
  readonly latency: LatencyBins;
  readonly ended: number;
  readonly good: number;
  /** Of the generator's process, from the beginning of the run to its end. */
  readonly cpuSeconds: number;
}

const LEAD_MS = 300;
const REF = { id: 0, generation: 0, service: 0, variant: 0, zone: 0 };

/** `onBegin` is told how long it takes until run time begins. */
export async function generateLoad(
  plan: Plan,
  port: number,
  onBegin: (leadMs: number) => void = () => {},
): Promise<GeneratedLoad> {
  const bundle = await fleetBundle();
  const guard = await Guard.start(process.execPath, bundle.guard);
  const host = spawnHost("load", process.execPath, bundle, guard);
  const gone = new Promise<void>((resolve) => host.onExit(() => resolve()));
  const heard = new Heard(host.channel);
  try {
    host.channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan });
    await heard.first("ready");
    host.channel.send({ do: "addresses", addresses: [{ id: 0, generation: 0, service: 0, zone: 0, port }] });
    host.channel.send({ do: "route", route: { service: 0, endpoints: [REF], weights: null } });
    const beforeSeconds = cpuSecondsOf(host.pid!);
    host.channel.send({ do: "begin", originMs: monotonicMs() + LEAD_MS, loopbackMs: 0 });
    onBegin(LEAD_MS);
    const last = plan.endMs / plan.bucketMs - 1;
    await heard.first("bucket", ({ bucket, isPartial }) => bucket.index === last && !isPartial);
    host.channel.send({ do: "finish" });
    const { generator } = await heard.first("finished");
    const cpuSeconds = cpuSecondsOf(host.pid!) - beforeSeconds;
    const latency = new LatencyBins();
    let ended = 0;
    let good = 0;
    for (const report of heard.all) {
      if (report.report !== "bucket") continue;
      for (const row of report.bucket.journeyLatency) latency.add(row);
      ended += sumOf(report.bucket.journeys, JOURNEY.ended);
      good += sumOf(report.bucket.journeys, JOURNEY.outcome);
    }
    return { figures: generator!, latency, ended, good, cpuSeconds };
  } finally {
    host.signal("SIGKILL");
    await gone;
    await guard.close();
  }
}

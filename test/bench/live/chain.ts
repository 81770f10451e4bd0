// A chain of three real services: what it carries in a closed loop, and how long requests take at 1,000/s.
import { liveEngine } from "../../../harness/live/live-engine.ts";
import { MemoryRecording } from "../../../harness/recording/memory-recording.ts";
import { LatencyBins } from "../../../harness/signals/latency.ts";
import { fleetProcesses, listeningAddresses } from "../../live/fleet-processes.ts";
import { runInto } from "../../live/run-live.ts";
import type { LiveOptions } from "./live-options.ts";
import { rowOf } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";
import { livePlan } from "./live-scenario.ts";
import { closedLoop } from "./throughput.ts";

const CONNECTIONS = 32;
const SECONDS = 8;

export async function chain({ rounds, say }: LiveOptions): Promise<LiveRow[]> {
  const perSecond: number[] = [];
  const p99: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`chain of three: round ${round} of ${rounds}`);
    perSecond.push(await closed());
    p99.push(await open());
  }
  return [
    rowOf(`chain of three, closed loop, ${CONNECTIONS} connections`, perSecond, "/s", { atLeast: 4000 }),
    rowOf("chain of three, open loop at 1,000/s, p99", p99, "ms", { atMost: 20 }),
  ];
}

/** The fleet runs under hardly any load of its own while the closed loop is at its entry. */
async function closed(): Promise<number> {
  const over = new AbortController();
  const measured = Promise.withResolvers<number>();
  let isAsked = false;
  const onRunning = (runMs: number): void => {
    if (isAsked || runMs < 500) return;
    isAsked = true;
    measured.resolve(
      entry()
        .then(({ port, generation }) => closedLoop("chain", port, generation, CONNECTIONS, SECONDS))
        .then(({ perSecond }) => perSecond),
    );
  };
  const sink = new MemoryRecording();
  const plan = livePlan("chain", { rate: "1/s", duration: "60s" });
  const run = runInto(sink, plan, { isolation: "process" }, { signal: over.signal, onRunning });
  try {
    return await Promise.race([measured.promise, run.then(() => Promise.reject(new Error("the run ended first")))]);
  } finally {
    over.abort();
    await run;
  }
}

async function open(): Promise<number> {
  const plan = livePlan("chain");
  const sink = new MemoryRecording();
  const options = { signal: new AbortController().signal, onProgress: () => {} };
  await liveEngine({ isolation: "process" }).run(plan, sink, options);
  const latency = new LatencyBins();
  for (const { index, journeyLatency } of sink.finished().buckets()) {
    if (index * plan.bucketMs >= plan.warmUpMs) for (const row of journeyLatency) latency.add(row);
  }
  return latency.quantileMs(0.99)!;
}

/** Where the chain begins: the fleet's ports are the kernel's choice, so each is asked who it is. */
async function entry(): Promise<{ port: number; generation: number }> {
  const services = fleetProcesses(process.pid).filter(({ entry }) => entry.startsWith("service"));
  for (const { pid } of services) {
    for (const address of listeningAddresses(pid)) {
      const port = parseInt(address.split(":")[1]!, 16);
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      const { service, generation } = (await answer.json()) as { service: string; generation: number };
      if (service === "front") return { port, generation };
    }
  }
  throw new Error("no process of the fleet is the chain's entry");
}

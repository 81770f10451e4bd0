// Sixty instances as sixty processes: how long from the first spawn until all answer their health page, and what
// memory they take together.
import { Fleet } from "../../../harness/live/fleet.ts";
import { fleetBundle } from "../../../harness/live/fleet-bundle.ts";
import { Guard } from "../../../harness/live/guard.ts";
import { spawnHost } from "../../../harness/live/host-process.ts";
import type { HostKind, HostProcess } from "../../../harness/live/host-process.ts";
import { LoopbackClient } from "../../../harness/wire/loopback-client.ts";
import type { LiveOptions } from "./live-options.ts";
import { rowOf } from "./live-row.ts";
import type { LiveRow } from "./live-row.ts";
import { livePlan } from "./live-scenario.ts";
import { pssMb } from "./process-table.ts";

const WITHIN_MS = 120_000;

export async function fleetStart({ rounds, say }: LiveOptions): Promise<LiveRow[]> {
  const seconds: number[] = [];
  const gigabytes: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`sixty processes: round ${round} of ${rounds}`);
    const { healthySeconds, pssGb } = await startOnce();
    seconds.push(healthySeconds);
    gigabytes.push(pssGb);
  }
  return [
    rowOf("60 instances as 60 processes, spawn to all healthy", seconds, "s", { atMost: 6 }),
    rowOf("their memory (PSS), generator and guard included", gigabytes, "GB", { atMost: 1.7 }),
  ];
}

async function startOnce(): Promise<{ healthySeconds: number; pssGb: number }> {
  const plan = livePlan("sixty");
  const bundle = await fleetBundle();
  const ports: number[] = [];
  const pids: number[] = [];
  const startMs = performance.now();
  const guard = await Guard.start(process.execPath, bundle.guard);
  const launch = (kind: HostKind): HostProcess => {
    const host = spawnHost(kind, process.execPath, bundle, guard);
    if (host.pid !== null) pids.push(host.pid);
    return listenedTo(host, (port) => ports.push(port));
  };
  const nothing = (): void => {};
  const fleet = new Fleet({
    plan,
    isolation: "process",
    launch,
    onUp: nothing,
    onGone: nothing,
    onReport: nothing,
    onJoin: nothing,
    onLeave: nothing,
    onErrandDone: nothing,
    onLost: nothing,
  });
  try {
    let id = 0;
    for (const [service, { replicasPerZone }] of plan.services.entries()) {
      for (let replica = 0; replica < replicasPerZone[0]!; replica++)
        fleet.start({ id: id++, generation: 0, service, variant: 0, zone: 0 }, true);
    }
    await fleet.listening(WITHIN_MS, new AbortController().signal);
    await Promise.all(ports.map(health));
    const healthySeconds = (performance.now() - startMs) / 1000;
    const pssGb = [...pids, guard.pid].reduce((sum, pid) => sum + pssMb(pid), 0) / 1024;
    return { healthySeconds, pssGb };
  } finally {
    await fleet.destroy();
    await guard.close();
  }
}

/** The same host, with an ear on the ports that it reports. */
function listenedTo(host: HostProcess, onPort: (port: number) => void): HostProcess {
  const { channel } = host;
  return {
    ...host,
    channel: {
      ...channel,
      onMessage: (handle) =>
        channel.onMessage((report) => {
          if (report.report === "listening") onPort(report.port);
          handle(report);
        }),
    },
  };
}

async function health(port: number): Promise<void> {
  const client = new LoopbackClient(port);
  await client.request("GET", "/health");
  await client.close();
}

// A rehearsal of a service process's own code before it counts: two instances in this process, the first calling the
// second over loopback, as in a run. What it compiles goes into the bundle's compile cache, and code that has run is
// many times as fast as code that has not.
import { CRITICAL } from "../harness/model/criticality.ts";
import type { CallPlan } from "../harness/model/call-plan.ts";
import { PLAN_FORMAT } from "../harness/model/plan.ts";
import type { Plan } from "../harness/model/plan.ts";
import type { ServicePlan, StepPlan } from "../harness/model/service-plan.ts";
import { channelPair } from "../harness/wire/control-channel.ts";
import { CONTROL_PROTOCOL } from "../harness/wire/control-message.ts";
import type { Command, Report } from "../harness/wire/control-message.ts";
import { writeRequestHead } from "../harness/wire/headers.ts";
import { LoopbackClient } from "../harness/wire/loopback-client.ts";
import { monotonicMs } from "../harness/wire/run-clock.ts";
import { ServiceHost } from "./service-host.ts";

/** Handles this many requests, one after the other; resolves when everything is closed again. */
export async function rehearse(requests: number): Promise<void> {
  const [channel, theirs] = channelPair<Command, Report>();
  const ports = new Map<number, number>();
  const listening = Promise.withResolvers<void>();
  channel.onMessage((report) => {
    if (report.report !== "listening") return;
    ports.set(report.id, report.port);
    if (ports.size === 2) listening.resolve();
  });
  const finished = Promise.withResolvers<void>();
  const host = new ServiceHost(theirs, finished.resolve);
  const instances = [0, 1].map((id) => ({ id, generation: 0, service: id, variant: 0, zone: 0 }));
  channel.send({ do: "setup", protocol: CONTROL_PROTOCOL, plan: PLAN });
  for (const instance of instances) channel.send({ do: "listen", instance, ordinal: 0 });
  await listening.promise;
  const addresses = instances.map((instance) => ({ ...instance, port: ports.get(instance.id)! }));
  channel.send({ do: "addresses", addresses });
  channel.send({ do: "route", route: { service: 1, endpoints: [instances[1]!], weights: null } });
  channel.send({ do: "disturb", active: [] });
  channel.send({ do: "begin", originMs: monotonicMs(), loopbackMs: 0 });
  const client = new LoopbackClient(ports.get(0)!);
  for (let request = 0; request < requests; request++) {
    const head = {
      target: 0,
      generation: 0,
      keyHigh: request,
      keyLow: request,
      user: request,
      item: 0,
      criticality: CRITICAL,
      headers: 0,
      depth: 0,
    };
    await client.request("POST", "/rehearse", writeRequestHead({ ...head, arrivesMs: 0, remainingMs: Infinity }));
  }
  await client.close();
  await host.abort();
  await finished.promise;
}

const CALL: CallPlan = {
  edge: 0,
  callee: 1,
  operations: [0],
  timeoutMs: 1_000,
  attemptTimeoutMs: 500,
  retry: null,
  circuitBreaker: null,
  loadBalancer: { policy: "roundRobin", choiceCount: 2 },
};

const WORK: StepPlan = { do: "work", time: { kind: "lognormal", p50Ms: 0.05, p99Ms: 0.1 }, probability: 1, site: 1 };

const ASK: StepPlan = { do: "call", call: 0, operation: 0, optional: false, probability: 1, fallback: null, site: 2 };

const PLAN: Plan = {
  format: PLAN_FORMAT,
  scenario: "rehearsal",
  strategy: null,
  isControl: false,
  seed: 1,
  scale: 1,
  compress: 1,
  warmUpMs: 0,
  endMs: 60_000,
  bucketMs: 1_000,
  monitoringDelayMs: 1_000,
  discoveryDelayMs: 0,
  zones: ["here"],
  networkMs: [[0]],
  services: [service("caller", [WORK, ASK], [CALL]), service("callee", [WORK], [])],
  journeys: [],
  loads: [],
  edges: [{ caller: { type: "service", index: 0 }, callee: 1 }],
  teams: [],
  versions: [],
  timeline: [],
  rollout: null,
  analyses: [],
  alerts: [],
  responses: [],
};

function service(name: string, steps: readonly StepPlan[], calls: readonly CallPlan[]): ServicePlan {
  return {
    name,
    team: null,
    replicasPerZone: [1],
    operations: ["rehearse"],
    variants: [
      {
        version: "stable",
        pool: { model: "threads", concurrency: 4, queueCapacity: 10 },
        cpu: { cores: 1, scheduling: "shared" },
        onDeadline: "ignore",
        startupMs: { kind: "constant", ms: 0 },
        terminationGraceMs: 0,
        operations: [{ steps }],
        errors: [],
        calls,
      },
    ],
  };
}

// The closed list of what can be asked about a run: for each family of addresses its names, units and meaning.
// One name means the same in gates, alerts, checks and in the tables of the JSON result.
import { OVERLOAD, RATE_LIMIT, SHED } from "../model/outcome.ts";
import { CACHE, EDGE, JOURNEY, LIFE, LOGGING, SERVICE } from "./columns.ts";
import {
  count,
  latencies,
  type Measure,
  type MeasureTable,
  outcomes,
  overTime,
  ratio,
  requests,
  type Unit,
} from "./measure.ts";

export type Family = "journeys" | "services" | "zones" | "calls" | "load";

function edgesOverTime(column: number, about: string): Measure {
  return { unit: "number", about, formula: { type: "overTime", top: { table: "edges", columns: [column] } } };
}

export const MEASURES: Readonly<Record<Family, MeasureTable>> = {
  journeys: {
    ...requests({ table: "journeys", columns: [JOURNEY.ended] }, "requests of users that ended"),
    ...outcomes("journeys", JOURNEY.outcome, "requests of users"),
    degraded: count("journeys", [JOURNEY.degraded], "good requests whose answer lacked an optional part"),
    degradedShare: ratio(
      "journeys",
      JOURNEY.degraded,
      JOURNEY.ended,
      "share of requests whose answer lacked an optional part",
    ),
    ...latencies("journeys", JOURNEY.latencyMs, "completed requests, from the intended send time"),
  },
  services: {
    ...requests({ table: "services", columns: [SERVICE.ended] }, "requests that ended here"),
    ...outcomes("services", SERVICE.outcome, "requests"),
    degraded: count("services", [SERVICE.degraded], "good requests whose answer lacked an optional part"),
    degradedShare: ratio(
      "services",
      SERVICE.degraded,
      SERVICE.ended,
      "share of requests whose answer lacked an optional part",
    ),
    ...latencies("services", SERVICE.latencyMs, "completed requests, at the server"),
    rejected: count(
      "services",
      [OVERLOAD, RATE_LIMIT, SHED].map((cause) => SERVICE.outcome + cause),
      "requests refused for want of room: overload, rate limit, shed",
    ),
    abandoned: count("services", [SERVICE.abandoned], "requests that their callers gave up"),
    wasted: count("services", [SERVICE.wasted], "requests completed although their caller had given up"),
    "utilization.workers": ratio(
      "services",
      SERVICE.busyMs,
      SERVICE.workersMs,
      "workers held ÷ workers; no data where unlimited",
    ),
    "utilization.cpu": ratio(
      "services",
      SERVICE.cpuMs,
      SERVICE.coresMs,
      "cores in use ÷ cores; no data where unlimited",
    ),
    "utilization.memory": ratio(
      "services",
      SERVICE.memoryMs,
      SERVICE.memoryLimitMs,
      "memory in use ÷ its limit; no data where it has none",
    ),
    queue: overTime(SERVICE.queuedMs, "requests waiting for a worker, in the whole service"),
    meanQueue: overTime(SERVICE.queuedMs, "the same as `queue`, as the result names it"),
    inSystem: overTime(SERVICE.inSystemMs, "requests queued, worked on or waiting for callees, in the whole service"),
    meanInSystem: overTime(SERVICE.inSystemMs, "the same as `inSystem`, as the result names it"),
    concurrencyLimit: ratio(
      "services",
      SERVICE.limitMs,
      SERVICE.limitedMs,
      "requests that an instance lets in at once, on average; no data without a limit",
      "number",
    ),
    instancesReady: overTime(SERVICE.readyMs, "instances ready"),
    crashes: count("services", [SERVICE.crashes], "crashes of instances"),
    outOfMemory: count("services", [SERVICE.outOfMemory], "crashes for want of memory"),
    unhealthyRestarts: count(
      "services",
      [LIFE.unhealthy],
      "instances started again because a startup or liveness probe failed",
    ),
    instancesWarming: overTime(LIFE.warmingMs, "instances that have begun to serve and are not warm yet"),
    collections: count("services", [LIFE.collections], "garbage collections, each of which stopped an instance"),
    instancesCollecting: overTime(LIFE.collectingMs, "instances that stand still while their garbage is collected"),
    cacheHitRatio: ratio(
      "services",
      CACHE.hits,
      CACHE.lookups,
      "answers found good in the cache ÷ requests that looked",
    ),
    cacheEntries: overTime(CACHE.entriesMs, "answers in the caches of all instances"),
    cacheStale: count("services", [CACHE.stale], "answers given for a failure although they were too old"),
    cacheNegative: count("services", [CACHE.negative], "failures given at once because they were remembered"),
    cacheShared: count("services", [CACHE.shared], "requests that waited for the answer to another"),
    logLines: count("services", [LOGGING.written], "lines logged about failed calls"),
    logLinesDropped: count("services", [LOGGING.dropped], "lines dropped because too many were waiting to be written"),
    logPending: overTime(LOGGING.pendingMs, "lines that wait to be written, in the whole service"),
    attempts: count("edges", [EDGE.attempts], "attempts made by all callers, whatever the version"),
    amplification: ratio(
      "edges",
      EDGE.attempts,
      EDGE.calls,
      "attempts ÷ requests first sent, by all callers",
      "factor",
    ),
  },
  zones: {
    ...requests({ table: "services", columns: [SERVICE.ended] }, "requests that ended in the zone, at any service"),
    ...outcomes("services", SERVICE.outcome, "requests served in the zone"),
    instancesReady: overTime(SERVICE.readyMs, "instances ready in the zone"),
    crashes: count("services", [SERVICE.crashes], "crashes of instances in the zone"),
  },
  calls: {
    calls: count("edges", [EDGE.calls], "calls begun: requests first sent"),
    ...outcomes("edges", EDGE.call, "calls, retries included"),
    attempts: count("edges", [EDGE.attempts], "attempts begun"),
    amplification: ratio("edges", EDGE.attempts, EDGE.calls, "attempts ÷ requests first sent", "factor"),
    retriesDenied: count("edges", [EDGE.retriesDenied], "retries that a budget forbade"),
    breakersOpen: ratio(
      "edges",
      EDGE.breakerOpenMs,
      EDGE.breakersMs,
      "share of the callers' circuit breakers that are not closed",
    ),
    hedges: count("edges", [EDGE.hedges], "attempts that were sent although an earlier one was still out"),
    waiting: {
      unit: "number",
      about: "attempts that wait for a permit of a bulkhead or limit, at all callers",
      formula: { type: "overTime", top: { table: "edges", columns: [EDGE.waitingMs] } },
    },
    throttled: ratio(
      "edges",
      EDGE.throttledMs,
      EDGE.throttlesMs,
      "share of calls that the callers' throttles refuse, as they stand at the end of each second",
    ),
    endpointsEjected: ratio(
      "edges",
      EDGE.ejectedMs,
      EDGE.endpointsMs,
      "share of the endpoints that callers have ejected, or that are dead to them",
    ),
    connections: edgesOverTime(EDGE.connectionsOpenMs, "connections that are open, or being opened, in all pools"),
    connectionsInUse: edgesOverTime(EDGE.connectionsInUseMs, "those of them that an attempt has, or waits for to open"),
    acquiring: edgesOverTime(EDGE.acquiringMs, "attempts that wait for a connection, in line or while it opens"),
    connects: count("edges", [EDGE.connects], "connections opened"),
    ejections: count("edges", [EDGE.ejections], "ejections of endpoints, by each caller for itself"),
    panicking: ratio(
      "edges",
      EDGE.panickingMs,
      EDGE.detectorsMs,
      "share of the callers with so few endpoints left that they ignore ejections",
    ),
    ...latencies("edges", EDGE.latencyMs, "answered attempts, at the caller"),
  },
  load: {
    ...requests({ table: "journeys", columns: [JOURNEY.sent] }, "requests sent"),
    ratePerSecond: {
      unit: "perSecond",
      about: "requests sent per second",
      formula: { type: "perSecond", top: { table: "journeys", columns: [JOURNEY.sent] } },
    },
    connected: {
      unit: "number",
      about: "clients with a session",
      formula: { type: "overTime", top: { table: "journeys", columns: [JOURNEY.connectedMs] } },
    },
    connectedShare: ratio(
      "journeys",
      JOURNEY.connectedMs,
      JOURNEY.clientsMs,
      "clients with a session ÷ all; no data without sessions",
    ),
    amplification: {
      unit: "factor",
      about: "attempts ÷ requests sent",
      formula: {
        type: "share",
        top: { table: "edges", columns: [EDGE.attempts] },
        bottom: { table: "journeys", columns: [JOURNEY.sent] },
      },
    },
  },
};

/** `versions.<v>` of a service: the share of its ready instances that run version v (the address then names v). */
export const VERSION_SHARE: Measure = {
  unit: "ratio",
  about: "share of the ready instances that run version v",
  formula: {
    type: "share",
    top: { table: "services", columns: [SERVICE.readyMs] },
    bottom: { table: "services", columns: [SERVICE.readyMs], anyVersion: true },
  },
};

/** Every address pattern with unit and meaning: the source of the documentation. */
export function addressesOf(): {
  readonly address: string;
  readonly unit: Unit;
  readonly about: string;
}[] {
  const entity: Record<Family, string> = {
    journeys: "<journey>",
    services: "<service>[@<version>]",
    zones: "<zone>",
    calls: "<caller -> callee>",
    load: "<load>",
  };
  return (Object.keys(MEASURES) as Family[]).flatMap((family) => {
    const rows = Object.entries(MEASURES[family]).map(([name, { unit, about }]) => ({
      address: `${family}.${entity[family]}.${name}`,
      unit,
      about,
    }));
    if (family === "services") {
      rows.push({
        address: "services.<service>.versions.<version>",
        unit: VERSION_SHARE.unit,
        about: VERSION_SHARE.about,
      });
    }
    return rows;
  });
}
